/** Reporter `markdown`: the comparison of the models for a pull request or a page. */

import type { ReportComparison } from '../comparison-report.ts';
import type { FailureReason, Reporter, RunInfo, RunReport } from '../report.ts';
import { counted } from '../text/counted.ts';
import { judgesTexts } from './agreement-text.ts';
import { COMMENT_BYTES, joinBlocks } from './cut-markdown.ts';
import {
  clusterNotes,
  cost,
  duration,
  inBrackets,
  judgeText,
  NONE,
  percent,
  percentWithInterval,
  replayText,
  rtfxText,
  scorerText,
  scoreSetText,
  tallies,
  tokens,
} from './figures-for-people.ts';
import { gateBlocks } from './gate-section.ts';
import { agreementTable, classTables, confusionTable } from './markdown-details.ts';
import { escapeMarkdown, markdownTable as table } from './markdown-text.ts';
import { type ModelOverview, overview } from './overview.ts';
import { preferenceTable } from './preference-text.ts';
import { variantBlocks } from './variants/markdown-variants.ts';

/** One table of the models, one of failures. */
export const markdown: Reporter = {
  description: 'report.md: the models compared in a table',
  files: (report) => [{ name: 'report.md', content: { [Symbol.asyncIterator]: () => document(report) } }],
};

/** Models are compared once more only where there are variants to say something of. */
async function* document(report: RunReport): AsyncGenerator<string> {
  const hasVariants = report.run.models.some(({ id }) => id.includes('@'));
  const compared = hasVariants ? await report.comparison?.() : null;
  yield markdownDocument(report, COMMENT_BYTES, compared ?? null);
}

/** At most so many bytes: the last sections are left out. The first line is a marker by which a comment is found again. */
export function markdownDocument(
  report: RunReport,
  maxBytes: number,
  compared: ReportComparison | null = null,
): string {
  const { run, summary, scorers, units, scoreSets, failures, warnings, confusions = [], classes = [], gate } = report;
  const models = overview(run, summary, units);
  const blocks = [
    `<!-- earsight ${run.name.replace(/[^\p{L}\p{N}._]+/gu, '-')} -->`,
    `# ${escapeMarkdown(run.name)}`,
    ...(gate === undefined ? [] : gateBlocks(gate, escapeMarkdown)),
    about(run),
    run.replayOf === undefined ? '' : escapeMarkdown(replayText(run.replayOf)),
    scoreSets === undefined ? '' : escapeMarkdown(scoreSetText(scoreSets)),
    escapeMarkdown(judgeText(summary) ?? ''),
    comparison(models, scorers),
    judgesTexts(summary)
      .map((line) => `- ${escapeMarkdown(line)}`)
      .join('\n'),
    agreementTable(report.agreements ?? []),
    preferenceTable(report.preferences ?? []),
    ...variantBlocks(compared),
    ...classTables(classes),
    confusionTable(confusions),
    troubles(models),
    reasons(failures),
    warnings.map((warning) => `- ${escapeMarkdown(warning)}`).join('\n'),
    estimates(models),
  ];
  return joinBlocks(
    blocks.filter((block) => block !== ''),
    maxBytes,
  );
}

function about(run: RunInfo): string {
  const { samples, path } = run.dataset;
  const repeats = run.repeat === 1 ? '' : `, ${run.repeat} repeats`;
  return [
    `Run ${escapeMarkdown(run.runId)}`,
    `${counted(samples, 'sample')} of ${escapeMarkdown(path)}${repeats}`,
    escapeMarkdown(run.createdAt),
    `${duration(run.wallMs)} in all`,
    `earsight ${escapeMarkdown(run.earsightVersion)}`,
  ].join(' · ');
}

function comparison(models: readonly ModelOverview[], scorers: readonly string[]): string {
  const pooled = models.some(({ scores }) => scores.some(({ raw, macroF1 }) => raw !== null || macroF1 !== null));
  const named = scorers.length > 1 || pooled ? scorers : [];
  const scorerCell = (model: ModelOverview, name: string) => {
    const score = model.scores.find((one) => one.name === name);
    return score === undefined ? NONE : scorerText(score);
  };
  const heard = models.every(({ rtfx }) => rtfx !== null);
  const head = [
    'Model',
    'Samples',
    'Scored',
    'Score (95 % interval)',
    'Score, all',
    ...named.map(escapeMarkdown),
    'p50',
    'p95',
    ...(heard ? ['rtfx'] : []),
    'Tokens of a cell',
    'Cost',
    'Completed',
    'Failed',
    'Skipped',
  ];
  const rows = models.map((model) => [
    escapeMarkdown(model.id),
    String(model.samples),
    String(model.scored),
    percentWithInterval(model.score),
    percentWithInterval(model.scoreAll),
    ...named.map((name) => scorerCell(model, name)),
    duration(model.p50Ms),
    duration(model.p95Ms),
    ...(heard ? [rtfxText(model.rtfx)] : []),
    tokens(model).replace('→', ' → '),
    cost(model),
    String(model.completed),
    String(model.failed),
    `${model.skipped}${inBrackets(model.skips)}`,
  ]);
  const note =
    'Score is over the scored samples; in *Score, all* refused, filtered, truncated and unparsed answers count 0. ' +
    'Failures are missing, not wrong answers. Tokens are the mean of a cell, prompt → completion. A cost with ≥ lacks the price of some cells.';
  const notes = clusterNotes(models).map((line) => `- ${escapeMarkdown(line)}`);
  return [table(head, rows), note, ...(notes.length === 0 ? [] : [notes.join('\n')])].join('\n\n');
}

function troubles(models: readonly ModelOverview[]): string {
  const rows = models
    .filter(({ failures, outcomes }) => failures.length + outcomes.length > 0)
    .map(({ id, failures, outcomes }) => [id, tallies(failures), tallies(outcomes)].map(escapeMarkdown));
  if (rows.length === 0) return '';
  return `## What went wrong\n\n${table(['Model', 'Failed, by kind', 'Without a score, by outcome'], rows)}`;
}

/** The most frequent reason of each kind of failure; empty without failures. */
function reasons(failures: readonly FailureReason[]): string {
  if (failures.length === 0) return '';
  const rows = failures.map(({ model, kind, cells, message, messageCells }) =>
    [model, kind, String(cells), message, String(messageCells)].map(escapeMarkdown),
  );
  return `## Reasons of failures\n\n${table(['Model', 'Kind', 'Cells', 'Most frequent reason', 'Of these'], rows)}`;
}

/** Empty unless the run estimated its tokens. */
function estimates(models: readonly ModelOverview[]): string {
  const tokens = (value: number | null) => (value === null ? NONE : value.toFixed(1));
  const rows = models.flatMap(({ id, estimateErrors }) =>
    estimateErrors.map(({ part, cells, bias, mae, relative }) => [
      escapeMarkdown(id),
      escapeMarkdown(part),
      String(cells),
      tokens(bias),
      tokens(mae),
      percent(relative),
    ]),
  );
  if (rows.length === 0) return '';
  const head = ['Model', 'Part', 'Cells', 'Bias', 'Mean absolute error', 'Error, of reported'];
  const note =
    'Bias is expected less reported tokens of a cell. Where an endpoint reports only the whole prompt, images and clips ' +
    'are what the expected text leaves of it.';
  return `## Estimated and reported tokens\n\n${table(head, rows)}\n\n${note}`;
}
