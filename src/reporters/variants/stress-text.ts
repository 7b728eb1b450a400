/** How quality falls as media get worse, for people. */

import type { StressCurve, StressStep } from '../../stress-report.ts';
import { dollars, NONE, percent, points, signed } from '../figures-for-people.ts';

/** `phi breaks at jpeg 50: it loses 12.3 points (8.1 to 16.5)`, not escaped. */
export function stressSentence({ base, kind, steps, breaksAt }: StressCurve): string {
  const step = steps.find(({ level }) => level === breaksAt);
  if (step !== undefined) {
    const loss = points(Math.abs(step.difference ?? 0));
    const interval =
      step.ciLow === null || step.ciHigh === null ? '' : ` (${points(-step.ciHigh)} to ${points(-step.ciLow)})`;
    return `${base} breaks at ${kind} ${step.level}: it loses ${loss} points${interval}`;
  }
  const last = steps.filter(({ difference }) => difference !== null).at(-1);
  if (last === undefined) return `${base} under ${kind} cannot be compared: no sample was scored for both`;
  return `${base} is not shown to lose anything as far as ${kind} ${last.level} (${signed(last.difference ?? 0)} points)`;
}

/** Heads of the columns of `stressRows` after the first. */
export const STRESS_HEAD = ['score_all', 'points', '95% interval', 'p Holm', 'tokens in', 'cost', 'drop'] as const;

/** A row for the model as it is, then one for each step; not escaped. */
export function stressRows({ score, promptTokens, costUsd, steps, breaksAt }: StressCurve) {
  return [
    ['as it is', percent(score), NONE, '', NONE, tokens(promptTokens), money(costUsd), ''],
    ...steps.map((step) => rowOf(step, breaksAt)),
  ];
}

function rowOf(step: StressStep, breaksAt: number | null): readonly string[] {
  const { level, score, difference, ciLow, ciHigh, pHolm, isRealDrop, promptTokens, costUsd } = step;
  return [
    String(level),
    percent(score),
    difference === null ? NONE : signed(difference),
    ciLow === null || ciHigh === null ? '' : `${signed(ciLow)} to ${signed(ciHigh)}`,
    pHolm === null ? NONE : pHolm < 0.001 ? '<0.001' : pHolm.toFixed(3),
    tokens(promptTokens),
    money(costUsd),
    isRealDrop ? (level === breaksAt ? 'first real' : 'real') : '',
  ];
}

const tokens = (value: number | null) => (value === null ? NONE : String(Math.round(value)));
const money = (value: number | null) => (value === null ? NONE : value === 0 ? 'free' : dollars(value));

/** What the table is of. */
export function stressNote({ label, steps }: StressCurve): string {
  const over = `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`;
  return `${label} · points: step less the model as it is, on the same samples · p Holm: over ${over}`;
}
