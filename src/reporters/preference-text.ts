/** Which answers judges preferred, for people: sentences for a terminal, and a table of `report.md`. */

import type { PreferenceFigures } from '../agreement-report.ts';
import { cutText } from '../text/cut-text.ts';
import { shareText } from './agreement-text.ts';
import { escapeMarkdown, markdownTable } from './markdown-text.ts';

/** `j: win rate of k against m 62.5% (30.6–86.3) on 8 samples: 4 wins, 2 losses, 2 ties (1 by position bias)`, not escaped. */
export function preferenceText(figures: PreferenceFigures): string {
  const { a, b, judge, n, winsA, winsB, ties, winRate } = figures;
  const missing = missingText(figures);
  if (n === 0) return `${judge} compared ${b} with ${a} on no sample; ${missing}`;
  const samples = n === 1 ? '1 sample' : `${n} samples`;
  return (
    `${judge}: win rate of ${b} against ${a} ${shareText(winRate)} on ${samples}: ` +
    `${counted(winsB, 'win', 'wins')}, ${counted(winsA, 'loss', 'losses')}, ${counted(ties, 'tie', 'ties')}${tiesText(figures)}` +
    (missing === '' ? '' : `; ${missing}`)
  );
}

/** Empty without verdicts. */
export function preferenceTable(preferences: readonly PreferenceFigures[]): string {
  if (preferences.length === 0) return '';
  const head = ['B', 'A', 'Judge', 'Win rate of B (95 %)', 'Wins', 'Losses', 'Ties', 'Position bias', 'No verdict'];
  const rows = preferences.map(({ a, b, judge, winRate, winsB, winsA, ties, positionBias, missing }) => [
    ...[b, a, judge, shareText(winRate)].map(escapeMarkdown),
    ...[winsB, winsA, ties, positionBias, missing].map(String),
  ]);
  const note =
    'A judge saw each pair of answers in both orders. A verdict that changed with the order is a tie (position bias), and a tie counts half in the win rate.';
  return `## Which answers were preferred\n\n${markdownTable(head, rows)}\n\n${note}`;
}

function tiesText({ positionBias, sameAnswer }: PreferenceFigures): string {
  const parts = [
    ...(positionBias > 0 ? [`${positionBias} by position bias`] : []),
    ...(sameAnswer > 0 ? [`${sameAnswer} with the same answer`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Long reasons have the words of an endpoint. */
const WIDEST_REASON = 100;

function missingText({ missing, reasons }: PreferenceFigures): string {
  if (missing === 0) return '';
  const named = reasons.map(({ reason, samples }) => `${samples} ${cutText(reason, WIDEST_REASON)}`);
  return `${missing} without a verdict: ${named.join('; ')}`;
}

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}
