/** The gate of a run as a section of Markdown: verdict, results, worse samples, difference in cost and tokens. */

import { type GateReport, type GateResult, type Spending, VERDICTS } from '../gate-report.ts';
import { dollars, NONE } from './figures-for-people.ts';
import { markdownTable as table } from './markdown-text.ts';

const MARKS = { pass: '✅', inconclusive: '❔', missed: '❌', regressed: '❌', unjudged: '⚠️' } as const;

/** Samples of each model in the table. */
const MAX_ROWS = 10;

/** Blocks of Markdown; `safe` makes untrusted text safe. */
export function gateBlocks(report: GateReport, safe: (text: string) => string): readonly string[] {
  const { verdict, scoreSet, baseline, results, notes } = report;
  const against =
    baseline === null
      ? 'without a baseline'
      : `against ${safe(baseline.file)} (${baseline.runs} ${baseline.runs === 1 ? 'run' : 'runs'}, ${baseline.common} of ${baseline.samples} samples)`;
  const ordered = [...results].sort((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict));
  return [
    `## ${MARKS[verdict]} Gate: ${verdict}, ${against}${scoreSet === null ? '' : `, scores ${safe(`@${scoreSet}`)}`}`,
    ordered.map((result) => line(result, safe)).join('\n'),
    worseTable(report, safe),
    spendingTable(report.spending, safe),
    notes.map((note) => `- ${safe(note)}`).join('\n'),
  ].filter((block) => block !== '');
}

function line({ verdict, level, message, hint }: GateResult, safe: (text: string) => string): string {
  const warns = verdict !== 'pass' && level === 'warn' ? ' (warn)' : '';
  return `- ${MARKS[verdict]} **${verdict}**${warns} ${safe(message)}${hint === undefined ? '' : ` · ${safe(hint)}`}`;
}

function worseTable({ worse, worseCounts }: GateReport, safe: (text: string) => string): string {
  const rows = Object.keys(worseCounts).flatMap((model) => {
    const own = worse.filter((sample) => sample.model === model).slice(0, MAX_ROWS);
    return own.map(({ sampleId, baseline, run }) => [safe(model), safe(sampleId), share(baseline), share(run)]);
  });
  if (rows.length === 0) return '';
  const counts = Object.entries(worseCounts).map(([model, count]) => `${safe(model)} ${count}`);
  return `### Samples that are worse: ${counts.join(', ')}\n\n${table(['Model', 'Sample', 'Baseline', 'This run'], rows)}`;
}

function spendingTable(spending: readonly Spending[], safe: (text: string) => string): string {
  const tokens = (value: number) => value.toFixed(0);
  const rows = spending
    .map(({ model, costUsd, promptTokens, completionTokens }) => [
      safe(model),
      change(costUsd, dollars),
      change(promptTokens, tokens),
      change(completionTokens, tokens),
    ])
    .filter((cells) => cells.slice(1).some((cell) => cell !== NONE));
  if (rows.length === 0) return '';
  return `### A cell, baseline → this run\n\n${table(['Model', 'Cost', 'Prompt tokens', 'Completion tokens'], rows)}`;
}

function change(
  { baseline, run }: { readonly baseline: number | null; readonly run: number | null },
  write: (value: number) => string,
): string {
  if (baseline === null || run === null) return NONE;
  const increase =
    baseline === 0 ? '' : ` (${run >= baseline ? '+' : '−'}${Math.abs(100 * (run / baseline - 1)).toFixed(1)}%)`;
  return `${write(baseline)} → ${write(run)}${increase}`;
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}
