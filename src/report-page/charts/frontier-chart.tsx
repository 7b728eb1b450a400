/** What cheaper variants of a model lose: quality against prompt tokens, or cost, of an answer; whiskers are 95 % intervals of the difference. */

import type { Frontier, FrontierPoint } from '../../frontier-report.ts';
import { dollars, percent } from '../../reporters/figures-for-people.ts';
import type { PageModel } from '../../reporters/html/page-data.ts';
import { Marker, seriesClass } from '../model-name.tsx';
import { linearScale } from '../scale.ts';
import { visibleText } from '../visible-text.ts';
import { BottomAxis, Chart, HEIGHT, LeftAxis, WIDTH } from './frame.tsx';

const [LEFT, RIGHT, TOP, BOTTOM] = [44, WIDTH - 24, 12, HEIGHT - 38];

interface FrontierChartProps {
  readonly frontier: Frontier;
  readonly models: readonly PageModel[];
}

export function FrontierChart({ frontier, models }: FrontierChartProps) {
  const { by, reference, base } = frontier;
  const priceOf = ({ costUsd, promptTokens }: FrontierPoint) => (by === 'cost' ? costUsd : promptTokens) ?? 0;
  const reached = frontier.points.find(({ variant }) => variant === reference)?.score ?? 0;
  const points = frontier.points.map((point) => ({
    ...point,
    x: priceOf(point),
    y: point.score ?? 0,
    // The interval is of the difference: it is drawn around the score of the reference.
    low: point.ciLow === null ? (point.score ?? 0) : reached + point.ciLow,
    high: point.ciHigh === null ? (point.score ?? 0) : reached + point.ciHigh,
  }));
  const format = by === 'cost' ? dollars : (tokens: number) => tokens.toLocaleString('en-US');
  const x = linearScale(0, Math.max(...points.map((point) => point.x)), LEFT, RIGHT, 4);
  const y = linearScale(
    Math.max(0, Math.min(...points.map(({ low }) => low)) - 0.02),
    Math.min(1, Math.max(...points.map(({ high }) => high)) + 0.02),
    BOTTOM,
    TOP,
    4,
  );
  const best = points.filter(({ isBest }) => isBest);
  const indexOf = (id: string) =>
    Math.max(
      0,
      models.findIndex((model) => model.id === id),
    );
  return (
    <Chart
      title={`What less costs: ${visibleText(base)}`}
      summary={points
        .map((point) => `${visibleText(point.variant)}: score ${percent(point.y)}, ${format(point.x)}`)
        .join('; ')}
      note={`Score of each variant; whiskers: 95 % interval of the difference from ${visibleText(reference)}.${best.length < 2 ? '' : ' The line joins the variants that no other one beats for less.'}`}
    >
      <BottomAxis
        scale={x}
        format={format}
        from={TOP}
        to={BOTTOM}
        label={by === 'cost' ? 'USD an answer' : 'prompt tokens an answer'}
      />
      <LeftAxis scale={y} format={(share) => `${Math.round(100 * share)}%`} from={LEFT} to={RIGHT} />
      <polyline class="front" points={best.map((point) => `${x.at(point.x)},${y.at(point.y)}`).join(' ')} />
      {points.map((point) => (
        <g key={point.model} class={seriesClass(indexOf(point.model))}>
          <line class="whisker" x1={x.at(point.x)} x2={x.at(point.x)} y1={y.at(point.low)} y2={y.at(point.high)} />
          <g transform={`translate(${x.at(point.x)} ${y.at(point.y)})`}>
            <Marker index={indexOf(point.model)} />
          </g>
          <text
            class="name"
            x={x.at(point.x) + (x.at(point.x) > (LEFT + RIGHT) / 2 ? -9 : 9)}
            y={y.at(point.y) - 6}
            text-anchor={x.at(point.x) > (LEFT + RIGHT) / 2 ? 'end' : 'start'}
          >
            {visibleText(point.variant)}
          </text>
        </g>
      ))}
    </Chart>
  );
}
