/** What cheaper variants of a model lose and save, for people. */

import type { Frontier, FrontierPoint } from '../../frontier-report.ts';
import { dollars, NONE, percent, points, signed } from '../figures-for-people.ts';

/** `phi@small loses 0.4 points (-0.3 to 1.1) and saves 61% of the cost`, one sentence for each cheaper variant; not escaped. */
export function frontierSentences({ reference, by, points: all }: Frontier): readonly string[] {
  const dearest = all.find(({ variant }) => variant === reference)?.model ?? '';
  const of = by === 'cost' ? 'cost' : 'prompt tokens';
  return all.flatMap(({ model, difference, ciLow, ciHigh, saved }) => {
    if (difference === null || saved === null) return [];
    const verb = difference > 0 ? 'gains' : 'loses';
    const sign = difference > 0 ? 1 : -1;
    const bounds = ciLow === null || ciHigh === null ? [] : [sign * ciLow, sign * ciHigh].sort((x, y) => x - y);
    const interval = bounds.length === 0 ? '' : ` (${bounds.map(points).join(' to ')})`;
    const money = saved >= 0 ? `saves ${share(saved)}` : `takes ${share(-saved)} more`;
    return [
      `${model} ${verb} ${points(Math.abs(difference))} points${interval} against ${dearest}, and ${money} of the ${of}`,
    ];
  });
}

/** Heads of the columns of `frontierRows` after the first. */
export const FRONTIER_HEAD = ['score_all', 'points', '95% interval', 'tokens in', 'cost', 'saved', 'best'] as const;

/** A row for each variant, the dearest first; not escaped. */
export function frontierRows({ points: all }: Frontier): readonly (readonly string[])[] {
  return all.map(row);
}

/** What the table is of. */
export function frontierNote({ reference }: Frontier): string {
  return `points: less ${reference}, on the same samples · tokens in, cost: mean of an answer · best: no other variant has as high a score for less`;
}

function row({ model, score, difference, ciLow, ciHigh, promptTokens, costUsd, saved, isBest }: FrontierPoint) {
  return [
    model,
    percent(score),
    difference === null ? NONE : signed(difference),
    ciLow === null || ciHigh === null ? '' : `${signed(ciLow)} to ${signed(ciHigh)}`,
    promptTokens === null ? NONE : String(Math.round(promptTokens)),
    costUsd === null ? NONE : dollars(costUsd),
    saved === null ? NONE : share(saved),
    isBest ? 'yes' : '',
  ];
}

const share = (value: number) => `${Math.round(100 * value)}%`;
