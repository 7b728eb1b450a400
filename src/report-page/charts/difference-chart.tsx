/** Differences from one model on the same samples, with their intervals. */

import type { ReportComparison } from '../../comparison-report.ts';
import type { PageModel } from '../../reporters/html/page-data.ts';
import { Marker, seriesClass, shortName } from '../model-name.tsx';
import { linearScale } from '../scale.ts';
import { BottomAxis, Chart, WIDTH } from './frame.tsx';

const [LEFT, RIGHT, TOP, ROW] = [14, WIDTH - 14, 8, 38];

interface DifferenceChartProps {
  readonly models: readonly PageModel[];
  readonly comparison: ReportComparison;
}

export function DifferenceChart({ models, comparison }: DifferenceChartProps) {
  const rows = comparison.differences.flatMap(({ model, base, difference, low, high }) => {
    const index = models.findIndex(({ id }) => id === model);
    if (index === -1 || difference === null) return [];
    return [{ id: model, base, index, difference, low: low ?? difference, high: high ?? difference }];
  });
  if (rows.length === 0) return null;
  const reach = Math.max(0.01, ...rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
  const scale = linearScale(-reach, reach, LEFT, RIGHT, 4);
  const bottom = TOP + rows.length * ROW;
  const points = (share: number) => `${share > 0 ? '+' : ''}${Number((100 * share).toFixed(1))}`;
  return (
    <Chart
      title="Difference on the same samples"
      height={bottom + 38}
      summary={rows
        .map(
          ({ id, base, difference, low, high }) =>
            `${shortName(id)} less ${shortName(base)}: ${points(difference)} points, from ${points(low)} to ${points(high)}`,
        )
        .join('; ')}
    >
      <BottomAxis scale={scale} format={points} from={TOP} to={bottom} label="points of score, 95 % interval" />
      <line class="zero" x1={scale.at(0)} x2={scale.at(0)} y1={TOP} y2={bottom} />
      {rows.map(({ id, base, index, difference, low, high }, row) => (
        <g key={id} class={seriesClass(index)} transform={`translate(0 ${TOP + row * ROW + 26})`}>
          <text class="name" x={LEFT} y="-14">
            {shortName(id)} − {shortName(base)}
          </text>
          <line class="whisker" x1={scale.at(low)} x2={scale.at(high)} y1="0" y2="0" />
          <g transform={`translate(${scale.at(difference)} 0)`}>
            <Marker index={index} />
          </g>
        </g>
      ))}
    </Chart>
  );
}
