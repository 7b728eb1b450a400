/** Quality against cost, or against latency where nothing has a price; whiskers are 95 % intervals. */

import { dollars, duration, percent } from '../../reporters/figures-for-people.ts';
import type { PageModel } from '../../reporters/html/page-data.ts';
import { Marker, seriesClass, shortName } from '../model-name.tsx';
import { linearScale, logScale, paretoFront } from '../scale.ts';
import { BottomAxis, Chart, HEIGHT, LeftAxis, WIDTH } from './frame.tsx';

interface Point {
  readonly index: number;
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

const [LEFT, RIGHT, TOP, BOTTOM] = [44, WIDTH - 14, 12, HEIGHT - 38];

interface QualityChartProps {
  readonly models: readonly PageModel[];
  /** Models that another chart shows. */
  readonly hidden: ReadonlySet<string>;
}

export function QualityChart({ models, hidden }: QualityChartProps) {
  const priced = pointsOf(models, ({ costUsd, completed, unpriced }) =>
    costUsd === null || completed === unpriced ? null : (1000 * costUsd) / (completed - unpriced),
  );
  const isPriced = priced.length > 0 && priced.length * 2 >= models.length;
  const all = isPriced ? priced : pointsOf(models, ({ p50Ms }) => p50Ms);
  const points = all.filter(({ id }) => !hidden.has(id));
  if (points.length === 0) return null;
  const format = isPriced ? dollars : duration;
  const xs = points.map(({ x }) => x);
  const x = logScale(Math.min(...xs) / 1.6, Math.max(...xs) * 1.6, LEFT, RIGHT);
  const y = linearScale(
    Math.max(0, Math.min(...points.map(({ low }) => low)) - 0.02),
    Math.min(1, Math.max(...points.map(({ high }) => high)) + 0.02),
    BOTTOM,
    TOP,
    4,
  );
  const front = paretoFront(points);
  return (
    <Chart
      title={isPriced ? 'Quality against cost' : 'Quality against latency'}
      summary={points.map(({ id, x, y }) => `${shortName(id)}: score ${percent(y)}, ${format(x)}`).join('; ')}
      note={`Score with its 95 % interval.${front.length < 2 ? '' : ` The line joins the models that no other one beats at a lower ${isPriced ? 'cost' : 'latency'}.`}`}
    >
      <BottomAxis
        scale={x}
        format={format}
        from={TOP}
        to={BOTTOM}
        label={isPriced ? 'USD for 1,000 cells (log)' : 'median latency (log)'}
      />
      <LeftAxis scale={y} format={(share) => `${Math.round(100 * share)}%`} from={LEFT} to={RIGHT} />
      <polyline class="front" points={front.map((point) => `${x.at(point.x)},${y.at(point.y)}`).join(' ')} />
      {points.map((point) => (
        <g key={point.id} class={seriesClass(point.index)}>
          <line class="whisker" x1={x.at(point.x)} x2={x.at(point.x)} y1={y.at(point.low)} y2={y.at(point.high)} />
          <g transform={`translate(${x.at(point.x)} ${y.at(point.y)})`}>
            <Marker index={point.index} />
          </g>
        </g>
      ))}
      {labels(points, x.at, y.at).map(({ id, left, top, anchor }) => (
        <text key={id} class="name" x={left} y={top} text-anchor={anchor}>
          {shortName(id)}
        </text>
      ))}
    </Chart>
  );
}

function pointsOf(models: readonly PageModel[], xOf: (model: PageModel) => number | null): readonly Point[] {
  return models.flatMap((model, index) => {
    const x = xOf(model);
    const { value, low, high } = model.score;
    if (x === null || x <= 0 || value === null) return [];
    return [{ index, id: model.id, x, y: value, low: low ?? value, high: high ?? value }];
  });
}

/** Pixels of a line of text. */
const LINE = 12;

/** Names beside their points, on the side with room, moved down where they would cover each other. */
function labels(points: readonly Point[], xAt: (x: number) => number, yAt: (y: number) => number) {
  const placed: { id: string; left: number; top: number; anchor: 'start' | 'end' }[] = [];
  for (const { id, x, y } of [...points].sort((a, b) => b.y - a.y)) {
    const isRight = xAt(x) < (LEFT + RIGHT) / 2;
    const left = xAt(x) + (isRight ? 9 : -9);
    let top = yAt(y) + 4;
    while (placed.some((other) => Math.abs(other.left - left) < 110 && Math.abs(other.top - top) < LINE)) top += 2;
    placed.push({ id, left, top, anchor: isRight ? 'start' : 'end' });
  }
  return placed;
}
