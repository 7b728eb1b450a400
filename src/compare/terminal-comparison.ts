/** A comparison as text for a terminal: verdicts, models, pairs, slices, and what else differs. */

import { RUN_SET } from '../report.ts';
import { agreementText } from '../reporters/agreement-text.ts';
import {
  cost as costText,
  dollars,
  duration,
  NONE,
  percent,
  points,
  rtfxText,
  signed,
} from '../reporters/figures-for-people.ts';
import { preferenceText } from '../reporters/preference-text.ts';
import type { Estimate } from '../stats/estimate.ts';
import { cutText } from '../text/cut-text.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { textTable } from '../text/text-table.ts';
import type { Agreement } from './agreement.ts';
import type { CellState } from './cell-columns.ts';
import type { ComparedPair, Comparison, JudgedMetric, SampleNames, Verdicts } from './comparison.ts';
import { frontierLines } from './frontier/terminal-frontier.ts';
import type { ModelFigures } from './model-figures.ts';
import type { SettingDifference } from './setting-differences.ts';
import { stressLines, stressVerdicts } from './stress/terminal-stress.ts';
import { count, verdictText } from './verdict-text.ts';

/** Slices of a pair that the terminal shows; JSON has all. */
const SLICES_SHOWN = 12;

/** One escaped line for each verdict. */
export function verdictLines({ verdicts, family }: Verdicts): readonly string[] {
  return verdicts.map(({ a, b, verdict }) => {
    const { pHolm, conclusion } = verdict;
    return escapeTerminal(verdictText({ a, b, compared: verdict, pHolm, family, conclusion: conclusion ?? 'nothing' }));
  });
}

/** All tables; each line is escaped. */
export function terminalComparison(comparison: Comparison): string {
  const { models, pairs, samples, families, notCompared } = comparison;
  const isScored = samples.scored > 0;
  return [
    ...(isScored ? verdictLines({ verdicts: pairs, family: families.verdicts }) : agreementLines(pairs)).map(
      (line) => `${line}\n`,
    ),
    ...stressVerdicts(comparison.stress ?? []).map((line) => `${line}\n`),
    `\n${samplesLine(comparison)}\n`,
    ...missingSamples('only in the first run', samples.onlyFirst),
    ...missingSamples('only in the second run', samples.onlySecond),
    ...missingSamples('with other media or targets, not compared', samples.changed),
    ...(notCompared.length === 0 ? [] : [`in one run only: ${escapeTerminal(notCompared.join(', '))}\n`]),
    `\n${printed(modelTable(models, isScored))}`,
    'latency: of successful attempts, from sending to the last byte; queueing and retries are excluded\n',
    ...troubleLines(models),
    ...(isScored && pairs.length > 0 ? [`\n${printed(pairTable(pairs))}`, familyLine(families.verdicts)] : []),
    ...metricLines(comparison),
    ...sliceLines(comparison),
    ...frontierLines(comparison.frontiers ?? []),
    ...stressLines(comparison.stress ?? []),
    ...preferenceLines(comparison),
    ...peopleLines(comparison),
    ...(isScored ? [] : repeatLines(models)),
    ...differenceLines(pairs),
  ].join('');
}

/** `200 samples in common in 12 independent groups`, escaped. */
export function samplesLine({ samples, runs }: Comparison): string {
  const of = runs.length === 1 ? '' : ' in common';
  const groups = samples.clusters === null ? '' : ` in ${count(samples.clusters, 'independent group')}`;
  const sets = runs.map(({ scoreSet }) => scoreSet);
  const scores = sets.every((set) => set === RUN_SET) ? '' : ` · scores: ${sets.map(escapeTerminal).join(' and ')}`;
  return `${count(samples.common, 'sample')}${of}${groups}${scores}`;
}

function missingSamples(where: string, { count: number, first }: SampleNames): readonly string[] {
  if (number === 0) return [];
  const more = number > first.length ? `, and ${number - first.length} more` : '';
  const ids = first.map((id) => escapeTerminal(cutText(id, 60))).join(', ');
  return [`${count(number, 'sample')} ${where}: ${ids}${more}\n`];
}

type ModelColumn = readonly [head: string, align: 'l' | 'r', cell: (model: ModelFigures) => string];

const SCORE_COLUMNS: readonly ModelColumn[] = [
  ['score_all', 'r', ({ scores }) => percent(scores['score_all']?.value ?? null)],
  ['95% interval', 'l', ({ scores }) => shareInterval(scores['score_all'])],
  ['scored', 'r', ({ scores, samples }) => `${scores['score_all']?.n ?? 0}/${samples}`],
];

const OTHER_COLUMNS: readonly ModelColumn[] = [
  ['p50', 'l', ({ latencyP50Ms }) => durationInterval(latencyP50Ms)],
  ['p95', 'l', ({ latencyP95Ms }) => durationInterval(latencyP95Ms)],
  ['tokens in→out', 'r', ({ promptTokens, completionTokens }) => `${promptTokens ?? NONE}→${completionTokens ?? NONE}`],
  ['tok/s', 'r', ({ tokensPerSecond }) => (tokensPerSecond === null ? NONE : tokensPerSecond.toFixed(1))],
  ['cost', 'r', costText],
];

/** Only where every model heard something. */
const RTFX: ModelColumn = ['rtfx', 'r', ({ rtfx }) => rtfxText(rtfx)];

const PER_CORRECT: ModelColumn = [
  'per correct',
  'r',
  ({ costPerCorrectUsd, isFree }) => {
    if (costPerCorrectUsd === null) return NONE;
    return isFree ? 'free' : dollars(costPerCorrectUsd);
  },
];

/** Cells of text, not escaped. The first row is the head; `align` has `l` or `r` for each column. */
export interface FigureTable {
  readonly rows: readonly (readonly string[])[];
  readonly align: string;
}

/** A row a model; without scores where nothing is scored. */
export function modelTable(models: readonly ModelFigures[], isScored: boolean): FigureTable {
  const name: ModelColumn = ['model', 'l', ({ label }) => label];
  const others = models.every(({ rtfx }) => rtfx !== null) ? [...OTHER_COLUMNS, RTFX] : OTHER_COLUMNS;
  const columns = isScored ? [name, ...SCORE_COLUMNS, ...others, PER_CORRECT] : [name, ...others];
  return {
    rows: [columns.map(([head]) => head), ...models.map((model) => columns.map(([, , cell]) => cell(model)))],
    align: columns.map(([, align]) => align).join(''),
  };
}

function printed({ rows, align }: FigureTable): string {
  return textTable(rows, align);
}

function shareInterval(estimate: Estimate | undefined): string {
  if (estimate === undefined) return '';
  const { ciLow, ciHigh, reason } = estimate;
  return ciLow === null || ciHigh === null ? (reason ?? '') : `${points(ciLow)}–${points(ciHigh)}`;
}

function durationInterval({ value, ciLow, ciHigh }: Estimate): string {
  if (value === null) return NONE;
  if (ciLow === null && ciHigh === null) return `${duration(value)} (n too small)`;
  const bound = (ms: number | null) => (ms === null ? 'n too small' : duration(ms));
  return `${duration(value)} (${bound(ciLow)}–${bound(ciHigh)})`;
}

/** Cells without an answer that was scored, by what became of them. */
export function troubleLines(models: readonly ModelFigures[]): readonly string[] {
  return models.flatMap(({ label, cells }) => {
    const parts = Object.entries(cells as Partial<Record<CellState, number>>)
      .filter(([state]) => state !== 'answered')
      .map(([state, number]) => `${number} ${state.replace('failed.', 'failed: ').replace('skipped.', 'skipped: ')}`);
    return parts.length === 0 ? [] : [`${escapeTerminal(label)}: ${parts.join(', ')}\n`];
  });
}

const PAIR_HEAD = ['points', '95% interval', 'only A', 'only B', 'p', 'p Holm'] as const;

function pairCells(metric: JudgedMetric): readonly string[] {
  const isRaw = metric.kind === 'pooled';
  const scale = (value: number) => (isRaw ? value.toFixed(3) : signed(value));
  const { difference, ciLow, ciHigh, reason, higherA, higherB, p, pHolm } = metric;
  return [
    difference === null ? NONE : scale(difference),
    ciLow === null || ciHigh === null ? (reason ?? '') : `${scale(ciLow)} to ${scale(ciHigh)}`,
    String(higherA),
    String(higherB),
    pCell(p),
    pCell(pHolm),
  ];
}

function pCell(p: number | null): string {
  if (p === null) return NONE;
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

/** A row a pair, by `score_all`. */
export function pairTable(pairs: readonly ComparedPair[]): FigureTable {
  const rows = pairs.map(({ a, b, verdict }) => [
    `${b} − ${a}`,
    String(verdict.n),
    ...pairCells(verdict),
    droppedCell(verdict),
  ]);
  return {
    rows: [['B − A, by score_all', 'pairs', ...PAIR_HEAD, 'dropped (worst to best)'], ...rows],
    align: 'lrrlrrrrl',
  };
}

/** The pairs that are missing, and the differences that they allow. */
function droppedCell({ dropped }: JudgedMetric): string {
  const { onlyA, onlyB, neither, unsupported, notAsked = 0, worstCase, bestCase } = dropped;
  const missing = onlyA + onlyB + neither;
  const cases =
    missing === 0 || worstCase === null || bestCase === null ? '' : ` (${signed(worstCase)} to ${signed(bestCase)})`;
  return `${missing}${cases}${unsupported === 0 ? '' : `, ${unsupported} unsupported`}${notAsked === 0 ? '' : `, ${notAsked} not asked`}`;
}

/** Ends with a line feed. */
export function familyLine(tests: number): string {
  return `only A, only B: samples where one model is better; p: two-sided${tests > 1 ? `, Holm over these ${tests} tests` : ''}\n`;
}

/** A row a pair and metric; null = `score_all` is the only one. */
export function metricTable(pairs: readonly ComparedPair[]): FigureTable | null {
  const rows = pairs.flatMap(({ a, b, metrics }) =>
    metrics.map((metric) => [metric.metric, `${b} − ${a}`, String(metric.n), valuesOf(metric), ...pairCells(metric)]),
  );
  const head = ['metric', 'B − A', 'pairs', 'A → B', ...PAIR_HEAD];
  return rows.length === 0 ? null : { rows: [head, ...rows], align: 'llrlrlrrrr' };
}

function metricLines({ pairs, families }: Comparison): readonly string[] {
  const table = metricTable(pairs);
  if (table === null) return [];
  return [`\n${printed(table)}`, ...(families.metrics > 1 ? [`Holm over these ${families.metrics} tests\n`] : [])];
}

function valuesOf({ kind, a, b }: JudgedMetric): string {
  const value = (figure: number | null) =>
    kind === 'pooled' ? (figure === null ? NONE : figure.toFixed(3)) : percent(figure);
  return `${value(a)} → ${value(b)}`;
}

/** A row a pair and slice, those with the smallest p first; null = no slice is measured. `hidden` is the number of slices left out. */
export function sliceTable(pairs: readonly ComparedPair[]): (FigureTable & { readonly hidden: number }) | null {
  const all = pairs.flatMap(({ a, b, slices }) => slices.map((slice) => ({ name: `${b} − ${a}`, slice })));
  const measured = all.filter(({ slice }) => slice.n > 0);
  const shown = measured.sort((x, y) => (x.slice.p ?? 1) - (y.slice.p ?? 1)).slice(0, SLICES_SHOWN);
  if (shown.length === 0) return null;
  const rows = shown.map(({ name, slice }) => [slice.slice, name, String(slice.n), ...pairCells(slice)]);
  return {
    rows: [['slice', 'B − A, by score_all', 'pairs', ...PAIR_HEAD], ...rows],
    align: 'llrrlrrrr',
    hidden: measured.length - shown.length,
  };
}

function sliceLines({ pairs, families }: Comparison): readonly string[] {
  const table = sliceTable(pairs);
  if (table === null) return [];
  const more = table.hidden > 0 ? `, ${table.hidden} more with --json` : '';
  return [`\n${printed(table)}`, `Holm over ${families.slices} tests of slices${more}\n`];
}

/** Escaped; for runs without scores. */
export function agreementLines(pairs: readonly ComparedPair[]): readonly string[] {
  return [
    'no sample is scored: answers are compared with each other',
    ...pairs.map(({ a, b, agreement }) => escapeTerminal(`${b} and ${a} ${pairText(agreement)}`)),
  ];
}

function pairText({ share, kappa }: Agreement): string {
  if (share.value === null) return 'cannot be compared: no sample was answered by both';
  const beyond = kappa === null || kappa.value === null ? '' : `; Cohen's kappa ${kappa.value.toFixed(2)}`;
  const interval = share.ciLow === null ? '' : ` (${shareInterval(share)})`;
  return `agree on ${percent(share.value)}${interval} of ${count(share.n, 'sample')}${beyond}`;
}

/** What judges preferred; escaped. */
export function preferenceLines({ preferences = [] }: Comparison): readonly string[] {
  if (preferences.length === 0) return [];
  return ['\n', ...preferences.map((figures) => `${escapeTerminal(preferenceText(figures))}\n`)];
}

/** Of each run, over all its samples; escaped. */
export function peopleLines({ runs }: Comparison): readonly string[] {
  const lines = runs.flatMap(({ name, agreements = [] }) =>
    agreements.map((one) => escapeTerminal(`${agreementText(one)}${runs.length === 1 ? '' : ` · ${name}`}`)),
  );
  return lines.length === 0 ? [] : ['\n', ...lines.map((line) => `${line}\n`)];
}

function repeatLines(models: readonly ModelFigures[]): readonly string[] {
  return models.flatMap(({ label, repeatAgreement }) => {
    if (repeatAgreement === null || repeatAgreement.value === null) return [];
    const { value, n } = repeatAgreement;
    const interval = shareInterval(repeatAgreement);
    return [
      `${escapeTerminal(label)}: all repeats agree on ${percent(value)} (${interval}) of ${count(n, 'sample')}\n`,
    ];
  });
}

/** What else differs, so that nobody takes a changed prompt for a better model. */
function differenceLines(pairs: readonly ComparedPair[]): readonly string[] {
  return pairs.flatMap(({ a, b, differences }) =>
    differences.length === 0
      ? []
      : [
          `\n${escapeTerminal(`${a} → ${b}`)} differ in\n`,
          ...differences.map((one) => `  ${escapeTerminal(differenceText(one))}\n`),
        ],
  );
}

/** Longer values of a setting are not shown. */
const WIDEST_VALUE = 60;

/** `params.temperature: 0 → 0.7`, not escaped. */
export function differenceText({ setting, a, b, isHidden, samples }: SettingDifference): string {
  const of = samples === null ? '' : ` of ${count(samples, 'sample')}`;
  if (isHidden) return `${setting}${of}`;
  const value = (json: string | null) => (json === null ? 'not set' : cutText(json, WIDEST_VALUE));
  return `${setting}${of}: ${value(a)} → ${value(b)}`;
}
