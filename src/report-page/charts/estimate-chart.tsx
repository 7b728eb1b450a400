/** The estimate before the run against what endpoints reported. */

import { NONE, percent } from '../../reporters/figures-for-people.ts';
import type { PageModel } from '../../reporters/html/page-data.ts';
import { seriesClass, shortName } from '../model-name.tsx';
import { linearScale } from '../scale.ts';
import { BottomAxis, Chart, WIDTH } from './frame.tsx';

const [LEFT, RIGHT, TOP, ROW] = [14, WIDTH - 14, 8, 32];

export function EstimateChart({ models }: { readonly models: readonly PageModel[] }) {
  const rows = models.flatMap(({ id, estimateErrors }, index) =>
    estimateErrors.flatMap(({ part, bias, mae, relative, cells }) =>
      bias === null || mae === null ? [] : [{ id, index, part, bias, mae, relative, cells }],
    ),
  );
  if (rows.length === 0) return null;
  const reach = Math.max(1, ...rows.map(({ bias, mae }) => Math.max(Math.abs(bias), mae)));
  const scale = linearScale(-reach, reach, LEFT, RIGHT, 4);
  const bottom = TOP + rows.length * ROW;
  const signed = (value: number) => `${value > 0 ? '+' : ''}${Number(value.toFixed(1)).toLocaleString('en')}`;
  return (
    <Chart
      title="Estimated less reported tokens of a cell"
      height={bottom + 24}
      summary={rows.map(({ id, part, bias }) => `${shortName(id)}, ${part}: ${signed(bias)} tokens`).join('; ')}
      note="The bar is the mean difference; the thin line is the mean absolute error to both sides."
    >
      <BottomAxis scale={scale} format={signed} from={TOP} to={bottom} />
      <line class="zero" x1={scale.at(0)} x2={scale.at(0)} y1={TOP} y2={bottom} />
      {rows.map(({ id, index, part, bias, mae, relative }, row) => (
        <g key={`${id} ${part}`} class={seriesClass(index)} transform={`translate(0 ${TOP + row * ROW})`}>
          <text class="name" x={LEFT} y="12">
            {shortName(id)} · {part}: {signed(bias)} ({relative === null ? NONE : percent(relative)} error)
          </text>
          <line class="whisker thin" x1={scale.at(-mae)} x2={scale.at(mae)} y1="22" y2="22" />
          <rect
            x={Math.min(scale.at(0), scale.at(bias))}
            y="17"
            width={Math.max(1.5, Math.abs(scale.at(bias) - scale.at(0)))}
            height="10"
            rx="2"
            fill="currentColor"
          />
        </g>
      ))}
    </Chart>
  );
}
