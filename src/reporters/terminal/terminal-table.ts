/** The summary of a run for standard output: the figures of each model, then failures and unusual outcomes. */

import type { TextStyle } from '../../io.ts';
import type { FailureReason, RunReport } from '../../report.ts';
import { fitMiddle, padWidth } from '../../text/display-width.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { type Alignment, alignCells, COLUMN_GAP, columnWidths } from '../../text/text-table.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { agreementText, judgesTexts } from '../agreement-text.ts';
import {
  clusterNotes,
  cost,
  duration,
  inBrackets,
  judgeText,
  percent,
  percentInterval,
  replayText,
  rtfxText,
  scorerText,
  scoreSetText,
  tokens,
} from '../figures-for-people.ts';
import { type ModelOverview, type OverviewFigure, overview } from '../overview.ts';
import { type Fit, fitColumns, INDENT, widest } from './fit-columns.ts';

interface TextColumn {
  readonly head: string;
  readonly align: Alignment;
  readonly cell: (model: ModelOverview) => string;
  readonly style?: (model: ModelOverview) => Style | undefined;
}

type Style = 'bold' | 'dim' | 'red' | 'yellow';

/** ECMA-48 select graphic rendition. */
const SGR: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, yellow: 33 };

/**
 * A table that fits the width if possible. With too little room columns go, and then the name of each model gets a line of
 * its own.
 */
export function terminalTable(
  report: Pick<RunReport, 'summary' | 'run' | 'failures' | 'units' | 'scoreSets' | 'agreements'>,
  options: TextStyle,
): string {
  const { summary, run, failures, units, scoreSets, agreements = [] } = report;
  const models = overview(run, summary, units);
  const scored = models.some(({ score, scoreAll }) => score.value !== null || scoreAll.value !== null);
  const judges = judgeText(summary);
  const heard = models.every(({ rtfx }) => rtfx !== null);
  const rest = heard ? REST.toSpliced(2, 0, RTFX) : REST;
  const fit = fitted([...(scored ? [SCORED, ...SCORE] : [SAMPLES]), ...rest], models, options.width, scored);
  const sentences = [
    ...notes(models, scored, fit.columns),
    ...failures.map(reasonLine),
    ...(run.replayOf === undefined ? [] : ['', escapeTerminal(replayText(run.replayOf))]),
    ...(scoreSets === undefined ? [] : ['', escapeTerminal(scoreSetText(scoreSets))]),
    ...(judges === null ? [] : [judges]),
    ...judgesTexts(summary).map(escapeTerminal),
    ...agreements.map((one) => escapeTerminal(agreementText(one))),
  ];
  const wrapped = options.wraps ? sentences.flatMap((line) => wrapText(line, options.width)) : sentences;
  return [...table(fit, models, options), ...wrapped].map((line) => `${line.trimEnd()}\n`).join('');
}

const INTERVAL: TextColumn = { head: '95% interval', align: 'left', cell: ({ score }) => percentInterval(score) };
const SAMPLES: TextColumn = { head: 'samples', align: 'right', cell: ({ samples }) => String(samples) };
const SCORED: TextColumn = {
  head: 'samples',
  align: 'right',
  cell: ({ scored, samples }) => (scored === samples ? String(samples) : `${scored} of ${samples}`),
};

const ALL: TextColumn = { head: 'all', align: 'right', cell: ({ scoreAll }) => percent(scoreAll.value) };

const SCORE: readonly TextColumn[] = [
  { head: 'score', align: 'right', cell: ({ score }) => percent(score.value), style: () => 'bold' },
  INTERVAL,
  ALL,
];

const TOKENS: TextColumn = { head: 'tok in→out', align: 'right', cell: tokens };

const P50: TextColumn = { head: 'p50', align: 'right', cell: ({ p50Ms }) => duration(p50Ms) };
const P95: TextColumn = { head: 'p95', align: 'right', cell: ({ p95Ms }) => duration(p95Ms) };

/** Only where every model heard something. */
const RTFX: TextColumn = { head: 'rtfx', align: 'right', cell: ({ rtfx }) => rtfxText(rtfx) };

const REST: readonly TextColumn[] = [
  P50,
  P95,
  TOKENS,
  {
    head: 'cost',
    align: 'right',
    cell: cost,
    style: ({ costUsd, unpriced, isFree }) => (!isFree && (costUsd === null || unpriced > 0) ? 'yellow' : undefined),
  },
  {
    head: 'failed',
    align: 'right',
    cell: ({ failed }) => String(failed),
    style: ({ failed }) => (failed > 0 ? 'red' : undefined),
  },
];

type Columns = Omit<Fit<TextColumn>, 'drawing'>;

/** The columns that have room, with the drawing of the interval. */
function fitted(
  columns: readonly TextColumn[],
  models: readonly ModelOverview[],
  width: number,
  draws: boolean,
): Columns {
  const sized = columns.map((column) => ({ column, width: widest([column.head, ...models.map(column.cell)]) }));
  const early = models.some(differs) ? [TOKENS, INTERVAL, P95] : [TOKENS, ALL, INTERVAL, P95];
  const late = [ALL, P50].filter((column) => !early.includes(column));
  const optional = [...early, ...late].flatMap((column) => sized.filter((one) => one.column === column));
  const { drawing, stacked, ...fit } = fitColumns({
    columns: sized,
    nameWidth: widest(['model', ...models.map(nameOf)]),
    width,
    optional,
    optionalInline: optional.length - late.length,
    draws,
  });
  const kept = fit.columns.map(({ column }) => column);
  const after = 1 + Math.max(...[SCORE[0], INTERVAL].map((column) => (column ? kept.indexOf(column) : -1)));
  return { columns: drawing === 0 ? kept : kept.toSpliced(after, 0, barColumn(drawing)), stacked };
}

const nameOf = ({ id }: ModelOverview) => escapeTerminal(id);

const differs = ({ score, scoreAll }: ModelOverview) => score.value !== scoreAll.value;

function barColumn(width: number): TextColumn {
  const scale = `0${'100'.padStart(width - 1)}`;
  return { head: scale, align: 'left', cell: ({ score }) => bar(score, width), style: () => 'dim' };
}

/** The interval on a line from 0 to 1. */
function bar({ value, low, high }: OverviewFigure, width: number): string {
  if (value === null) return '';
  const columnOf = (share: number) => Math.min(width - 1, Math.floor(share * width));
  return Array.from({ length: width }, (_, column) => {
    if (column === columnOf(value)) return '●';
    return column >= columnOf(low ?? value) && column <= columnOf(high ?? value) ? '━' : '·';
  }).join('');
}

/** A head, and a row for each model; with `stacked` the name is on a line above its figures. */
function table({ columns, stacked }: Columns, models: readonly ModelOverview[], options: TextStyle): readonly string[] {
  const names = ['model', ...models.map(nameOf)];
  const rows = [columns.map(({ head }) => head), ...models.map((model) => columns.map(({ cell }) => cell(model)))];
  const widths = columnWidths(rows, columns.length);
  const alignments = columns.map(({ align }) => align);
  const styles = [
    columns.map(() => 'dim' as const),
    ...models.map((model) => columns.map(({ style }) => style?.(model))),
  ];
  const lines = rows.map((row, index) =>
    alignCells(row, widths, alignments)
      .map((cell, column) => paint(cell, options.color ? styles[index]?.[column] : undefined))
      .join(COLUMN_GAP),
  );
  const head = (text: string) => paint(text, options.color ? 'dim' : undefined);
  const nameWidth = widest(names);
  return lines.flatMap((line, index) => {
    const name = names[index] ?? '';
    if (!stacked)
      return [
        `${index === 0 ? head(padWidth(name, nameWidth, 'left')) : padWidth(name, nameWidth, 'left')}${COLUMN_GAP}${line}`,
      ];
    return [...(index === 0 ? [] : [fitMiddle(name, options.width)]), `${INDENT}${line}`];
  });
}

function paint(text: string, style: Style | undefined): string {
  return style === undefined ? text : `\u001b[${SGR[style]}m${text}\u001b[0m`;
}

/** Figures without a column; empty when there are none. */
function notes(models: readonly ModelOverview[], isScored: boolean, columns: readonly TextColumn[]): readonly string[] {
  const isLost = isScored && !columns.includes(ALL);
  const lines = models.flatMap((model) => {
    const all = isLost && differs(model) ? [`all ${percent(model.scoreAll.value)}`] : [];
    const parts = [...all, ...scorerParts(model), ...troubleParts(model)];
    return parts.length === 0 ? [] : [escapeTerminal(`${model.id}: ${parts.join(', ')}`)];
  });
  const legend = models.some(differs)
    ? ['score: of what was answered · all: 0 for refused, filtered, truncated, unparsed']
    : [];
  const isPart = isScored && models.some(({ scored, samples }) => scored !== samples);
  const all = [
    ...lines,
    ...clusterNotes(models).map(escapeTerminal),
    ...(isPart ? ['samples: how many have a score, of how many'] : []),
    ...legend,
  ];
  return all.length === 0 ? [] : ['', ...all];
}

/** The figure of a single scorer without a raw figure is the score itself. */
function scorerParts({ scores }: ModelOverview): readonly string[] {
  const isAll = scores.length <= 1 && scores.every(({ raw, macroF1 }) => raw === null && macroF1 === null);
  return isAll ? [] : scores.map((score) => `${score.name} ${scorerText(score)}`);
}

function troubleParts(model: ModelOverview): readonly string[] {
  const { failed, failures, skipped, skips, outcomes, costUsd, unpriced, isFree } = model;
  return [
    ...(failed > 0 ? [`${failed} failed${inBrackets(failures)}`] : []),
    ...(skipped > 0 ? [`${skipped} skipped${inBrackets(skips)}`] : []),
    ...outcomes.map(({ name, count }) => `${count} ${name}`),
    ...(!isFree && costUsd !== null && unpriced > 0 ? [`${unpriced} unpriced`] : []),
  ];
}

/** `m: bad_request 2 · no such thing`, with the number of cells that have this reason where others have another. */
function reasonLine({ model, kind, cells, message, messageCells }: FailureReason): string {
  const share = messageCells === cells ? '' : ` (${messageCells} of ${cells})`;
  return escapeTerminal(`${model}: ${kind} ${cells} · ${message}${share}`);
}
