/** How quality falls as media get worse: one kind of stress, a line a model; whiskers are 95 % intervals of the difference. */

import { percent } from '../../reporters/figures-for-people.ts';
import type { PageModel } from '../../reporters/html/page-data.ts';
import { STRESS_KINDS } from '../../stress-kinds.ts';
import type { StressCurve, StressStep } from '../../stress-report.ts';
import { Marker, seriesClass, shortName } from '../model-name.tsx';
import { linearScale } from '../scale.ts';
import { BottomLabel, Chart, HEIGHT, LeftAxis, WIDTH } from './frame.tsx';

const [LEFT, RIGHT, TOP, BOTTOM] = [44, WIDTH - 24, 12, HEIGHT - 38];

/** Lines of several models side by side, so that their whiskers do not cover each other. */
const ASIDE = 5;

interface StressChartProps {
  /** Of one kind. */
  readonly curves: readonly StressCurve[];
  readonly models: readonly PageModel[];
}

export function StressChart({ curves, models }: StressChartProps) {
  const [first] = curves;
  if (first === undefined) return null;
  const { severityOf } = STRESS_KINDS[first.kind];
  const levels = [...new Set(curves.flatMap(({ steps }) => steps.map(({ level }) => level)))].sort(
    (x, y) => severityOf(x) - severityOf(y) || x - y,
  );
  const lines = curves.map((curve) => lineOf(curve));
  const all = lines.flatMap(({ points }) => points);
  const y = linearScale(
    Math.max(0, Math.min(...all.map(({ low }) => low)) - 0.02),
    Math.min(1, Math.max(...all.map(({ high }) => high)) + 0.02),
    BOTTOM,
    TOP,
    4,
  );
  const xOf = (level: number | null, line: number) =>
    LEFT +
    20 +
    ((RIGHT - LEFT - 40) * (level === null ? 0 : 1 + levels.indexOf(level))) / levels.length +
    ASIDE * (line - (curves.length - 1) / 2);
  const middle = (curves.length - 1) / 2;
  const indexOf = (id: string) =>
    Math.max(
      0,
      models.findIndex((model) => model.id === id),
    );
  return (
    <Chart
      title={`Under stress: ${first.kind}`}
      summary={lines
        .map(({ base, points, breaksAt }) => {
          const scores = points.map(({ name, score }) => `${name} ${percent(score)}`).join(', ');
          return `${shortName(base)}: ${scores}; ${breaksAt === null ? 'no real drop' : `breaks at ${breaksAt}`}`;
        })
        .join('. ')}
      note={`Score by ${first.label}; whiskers: 95 % interval of the difference from the model as it is. A ring marks the first real drop of a model.`}
    >
      <LeftAxis scale={y} format={(share) => `${Math.round(100 * share)}%`} from={LEFT} to={RIGHT} />
      <g class="axis">
        {[null, ...levels].map((level) => (
          <text key={String(level)} x={xOf(level, middle)} y={BOTTOM + 14} text-anchor="middle">
            {level ?? 'as it is'}
          </text>
        ))}
      </g>
      <BottomLabel to={BOTTOM}>{first.label}</BottomLabel>
      {lines.map(({ base, points, breaksAt }, line) => (
        <g key={base} class={seriesClass(indexOf(base))}>
          <polyline
            class="curve"
            points={points.map(({ level, score }) => `${xOf(level, line)},${y.at(score)}`).join(' ')}
          />
          {points.map(({ level, score, low, high }) => (
            <g key={String(level)}>
              <line class="whisker thin" x1={xOf(level, line)} x2={xOf(level, line)} y1={y.at(low)} y2={y.at(high)} />
              <g transform={`translate(${xOf(level, line)} ${y.at(score)})`}>
                <Marker index={indexOf(base)} />
                {level !== null && level === breaksAt && <circle class="break" r="9" />}
              </g>
            </g>
          ))}
        </g>
      ))}
    </Chart>
  );
}

/** The points of a model that have a score; level null = as it is. */
function lineOf({ base, score, steps, breaksAt }: StressCurve) {
  const start = score === null ? [] : [{ level: null, name: 'as it is', score, low: score, high: score }];
  return { base, breaksAt, points: [...start, ...steps.flatMap(pointOf)] };
}

function pointOf({ level, score, difference, ciLow, ciHigh }: StressStep) {
  if (score === null || difference === null) return [];
  // The interval is of the difference: it is drawn around the score of the model as it is on the same samples.
  const plain = score - difference;
  const inside = (share: number) => Math.max(0, Math.min(1, share));
  return [
    {
      level,
      name: String(level),
      score,
      low: ciLow === null ? score : inside(plain + ciLow),
      high: ciHigh === null ? score : inside(plain + ciHigh),
    },
  ];
}
