/** What cheaper variants of a model lose and save, for people. */

import type { Frontier, FrontierPoint } from '../../frontier-report.ts';
import { dollars, NONE, percent } from '../../reporters/figures-for-people.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { textTable } from '../../text/text-table.ts';
import { points, signed } from '../verdict-text.ts';

/** `phi@small loses 0.4 points (-0.3 to 1.1) and saves 61% of the cost`, one sentence for each cheaper variant; not escaped. */
export function frontierSentences({ reference, by, base, points: all }: Frontier): readonly string[] {
  const of = by === 'cost' ? 'cost' : 'prompt tokens';
  return all.flatMap(({ model, difference, ciLow, ciHigh, saved }) => {
    if (difference === null || saved === null) return [];
    const verb = difference > 0 ? 'gains' : 'loses';
    const sign = difference > 0 ? 1 : -1;
    const bounds = ciLow === null || ciHigh === null ? [] : [sign * ciLow, sign * ciHigh].sort((x, y) => x - y);
    const interval = bounds.length === 0 ? '' : ` (${bounds.map(points).join(' to ')})`;
    const money = saved >= 0 ? `saves ${share(saved)}` : `takes ${share(-saved)} more`;
    return [
      `${model} ${verb} ${points(Math.abs(difference))} points${interval} against ${base}@${reference}, and ${money} of the ${of}`,
    ];
  });
}

/** A table and sentences for each model with variants; each line is escaped. Empty without one. */
export function frontierLines(frontiers: readonly Frontier[]): readonly string[] {
  return frontiers.flatMap((frontier) => {
    const head = [
      'variant',
      'score_all',
      `points against ${frontier.reference}`,
      '95% interval',
      'tokens in',
      'cost',
      'saved',
      'best',
    ];
    return [
      `\n${textTable([head.map(escapeTerminal), ...frontier.points.map(row)], 'lrrlrrrl')}`,
      'tokens in, cost: mean of an answer · best: no other variant has as high a score for less\n',
      ...frontierSentences(frontier).map((sentence) => `${escapeTerminal(sentence)}\n`),
    ];
  });
}

function row({ model, score, difference, ciLow, ciHigh, promptTokens, costUsd, saved, isBest }: FrontierPoint) {
  return [
    escapeTerminal(model),
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
