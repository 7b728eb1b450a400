/** The share of cells that were answered within a time, one line a model. */

import { duration } from '../../reporters/figures-for-people.ts';
import type { PageModel } from '../../reporters/html/page-data.ts';
import { seriesClass, shortName } from '../model-name.tsx';
import { linearScale, logScale } from '../scale.ts';
import { BottomAxis, Chart, HEIGHT, LeftAxis, WIDTH } from './frame.tsx';

const [LEFT, RIGHT, TOP, BOTTOM] = [44, WIDTH - 14, 12, HEIGHT - 38];

/** A dash pattern for each line, because some readers cannot distinguish the colours. */
const DASHES = ['none', '6 3', '2 3', '8 3 2 3'];

/** Fewer cells make no distribution. */
const FEWEST = 3;

interface LatencyChartProps {
  readonly models: readonly PageModel[];
  /** Models that another chart shows. */
  readonly hidden: ReadonlySet<string>;
  readonly latencies: readonly (readonly number[])[];
}

export function LatencyChart({ models, hidden, latencies }: LatencyChartProps) {
  const curves = models.flatMap(({ id, p50Ms, p95Ms }, index) => {
    const values = (latencies[index] ?? []).map((ms) => Math.max(0.1, ms));
    return values.length < FEWEST || hidden.has(id) ? [] : [{ id, index, values, p50Ms, p95Ms }];
  });
  const all = curves.flatMap(({ values }) => [values[0] ?? 1, values.at(-1) ?? 1]);
  if (all.length === 0) return null;
  const x = logScale(Math.min(...all), Math.max(...all), LEFT, RIGHT);
  const y = linearScale(0, 1, BOTTOM, TOP, 4);
  return (
    <Chart
      title="Latency: share of cells answered within a time"
      summary={curves
        .map(
          ({ id, p50Ms, p95Ms }) => `${shortName(id)}: half within ${duration(p50Ms)}, 95 % within ${duration(p95Ms)}`,
        )
        .join('; ')}
    >
      <BottomAxis scale={x} format={duration} from={TOP} to={BOTTOM} label="successful attempt (log)" />
      <LeftAxis scale={y} format={(share) => `${Math.round(100 * share)}%`} from={LEFT} to={RIGHT} />
      {curves.map(({ id, index, values }) => (
        <g key={id} class={seriesClass(index)}>
          <polyline
            class="curve"
            stroke-dasharray={DASHES[index % DASHES.length]}
            points={values
              .map((ms, place) => `${x.at(ms).toFixed(1)},${y.at(place / (values.length - 1)).toFixed(1)}`)
              .join(' ')}
          />
        </g>
      ))}
      <g class="legend">
        {curves.map(({ id, index }, place) => (
          <g key={id} class={seriesClass(index)} transform={`translate(${LEFT + 8} ${TOP + 10 + 13 * place})`}>
            <line class="curve" x1="0" x2="22" y1="-3" y2="-3" stroke-dasharray={DASHES[index % DASHES.length]} />
            <text class="name" x="27">
              {shortName(id)}
            </text>
          </g>
        ))}
      </g>
    </Chart>
  );
}
