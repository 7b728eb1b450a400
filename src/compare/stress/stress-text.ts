/** How quality falls as media get worse, for people. */

import { dollars, NONE, percent } from '../../reporters/figures-for-people.ts';
import type { StressCurve, StressStep } from '../../stress-report.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { textTable } from '../../text/text-table.ts';
import { points, signed } from '../verdict-text.ts';

/** `phi holds jpeg 90 and breaks at jpeg 50: it loses 12.3 points (8.1 to 16.5)`, not escaped. */
export function stressSentence({ base, kind, steps, breaksAt }: StressCurve): string {
  const step = steps.find(({ level }) => level === breaksAt);
  if (step !== undefined) {
    const loss = points(Math.abs(step.difference ?? 0));
    const interval =
      step.ciLow === null || step.ciHigh === null ? '' : ` (${points(-step.ciHigh)} to ${points(-step.ciLow)})`;
    return `${base} breaks at ${kind} ${step.level}: it loses ${loss} points${interval}`;
  }
  const measured = steps.filter(({ difference }) => difference !== null);
  const last = measured.at(-1);
  if (last === undefined) return `${base} under ${kind} cannot be compared: no sample was scored for both`;
  return `${base} is not shown to lose anything as far as ${kind} ${last.level} (${signed(last.difference ?? 0)} points)`;
}

/** One escaped line for each curve. */
export function stressVerdicts(curves: readonly StressCurve[]): readonly string[] {
  return curves.map((curve) => escapeTerminal(stressSentence(curve)));
}

/** The head and a row for each step, the model as it is first; not escaped. */
function stressRows({ base, kind, score, promptTokens, costUsd, steps, breaksAt }: StressCurve) {
  const head = [`${base} · ${kind}`, 'score_all', 'points', '95% interval', 'p Holm', 'tokens in', 'cost', 'drop'];
  return [
    head,
    ['as it is', percent(score), NONE, '', NONE, tokens(promptTokens), money(costUsd), ''],
    ...steps.map((step) => rowOf(step, breaksAt)),
  ];
}

/** Of the columns of `stressRows`. */
const STRESS_ALIGN = 'lrrlrrrl';

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
    isRealDrop ? (level === breaksAt ? 'real, the first' : 'real') : '',
  ];
}

const tokens = (value: number | null) => (value === null ? NONE : String(Math.round(value)));
const money = (value: number | null) => (value === null ? NONE : value === 0 ? 'free' : dollars(value));

/** A table for each model and kind; each line is escaped. Empty without one. */
export function stressLines(curves: readonly StressCurve[]): readonly string[] {
  return curves.flatMap((curve) => [
    `\n${textTable(
      stressRows(curve).map((row) => row.map(escapeTerminal)),
      STRESS_ALIGN,
    )}`,
    `${stressNote(curve)}\n`,
  ]);
}

/** What the table is of. */
function stressNote({ label, steps }: StressCurve): string {
  return `${label} · points: step less the model as it is, on the same samples · p Holm: over ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`;
}
