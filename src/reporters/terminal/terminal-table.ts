/** The summary of a run for standard output: one line for each model, then failures and unusual outcomes. */

import type { FailureReason, RunReport } from '../../report.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { type Alignment, alignCells, COLUMN_GAP, columnWidths } from '../../text/text-table.ts';
import { agreementText } from '../agreement-text.ts';
import {
  clusterNotes,
  cost,
  duration,
  inBrackets,
  judgeText,
  percent,
  percentInterval,
  replayText,
  scorerText,
  scoreSetText,
  tokens,
} from '../figures-for-people.ts';
import { type ModelOverview, type OverviewFigure, overview } from '../overview.ts';

/** Capabilities of the terminal. */
export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

interface TextColumn {
  readonly head: string;
  readonly align: Alignment;
  readonly cell: (model: ModelOverview) => string;
  readonly style?: (model: ModelOverview) => Style | undefined;
}

type Style = 'bold' | 'dim' | 'red' | 'yellow';

/** ECMA-48 select graphic rendition. */
const SGR: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, yellow: 33 };

const WIDEST_BAR = 24;
const NARROWEST_BAR = 10;
const NARROWEST_NAME = 12;

/**
 * A table that fits the width if possible: without room it drops the drawing of the interval, then the interval, then
 * the tokens, and finally cuts long model names.
 */
export function terminalTable(
  report: Pick<RunReport, 'summary' | 'run' | 'failures' | 'units' | 'scoreSets' | 'agreements'>,
  options: TerminalOptions,
): string {
  const { summary, run, failures, units, scoreSets, agreements = [] } = report;
  const models = overview(run, summary, units);
  const scored = models.some(({ score, scoreAll }) => score.value !== null || scoreAll.value !== null);
  const judges = judgeText(summary);
  const columns = fitted([MODEL, ...(scored ? [SCORED, ...SCORE] : [SAMPLES]), ...REST], models, options.width);
  const lines = [
    ...table(columns, models, options),
    ...notes(models, scored),
    ...failures.map(reasonLine),
    ...(run.replayOf === undefined ? [] : ['', escapeTerminal(replayText(run.replayOf))]),
    ...(scoreSets === undefined ? [] : ['', escapeTerminal(scoreSetText(scoreSets))]),
    ...(judges === null ? [] : [judges]),
    ...agreements.map((one) => escapeTerminal(agreementText(one))),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const INTERVAL: TextColumn = { head: '95% interval', align: 'left', cell: ({ score }) => percentInterval(score) };
const MODEL: TextColumn = { head: 'model', align: 'left', cell: ({ id }) => escapeTerminal(id) };
const SAMPLES: TextColumn = { head: 'samples', align: 'right', cell: ({ samples }) => String(samples) };
const SCORED: TextColumn = {
  head: 'samples',
  align: 'right',
  cell: ({ scored, samples }) => (scored === samples ? String(samples) : `${scored} of ${samples}`),
};

const SCORE: readonly TextColumn[] = [
  { head: 'score', align: 'right', cell: ({ score }) => percent(score.value), style: () => 'bold' },
  INTERVAL,
  { head: 'all', align: 'right', cell: ({ scoreAll }) => percent(scoreAll.value) },
];

const TOKENS: TextColumn = { head: 'tok in→out', align: 'right', cell: tokens };

const REST: readonly TextColumn[] = [
  { head: 'p50', align: 'right', cell: ({ p50Ms }) => duration(p50Ms) },
  { head: 'p95', align: 'right', cell: ({ p95Ms }) => duration(p95Ms) },
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

/** Adds the drawing of the interval if there is room, or removes columns if there is too little. */
function fitted(
  columns: readonly TextColumn[],
  models: readonly ModelOverview[],
  width: number,
): readonly TextColumn[] {
  const interval = columns.indexOf(INTERVAL);
  const drawing = Math.min(WIDEST_BAR, width - naturalWidth(columns, models) - COLUMN_GAP.length);
  if (interval !== -1 && drawing >= NARROWEST_BAR) return columns.toSpliced(interval + 1, 0, barColumn(drawing));
  return [INTERVAL, TOKENS].reduce(
    (kept, next) => (naturalWidth(kept, models) > width ? kept.filter((column) => column !== next) : kept),
    columns,
  );
}

function barColumn(width: number): TextColumn {
  return { head: '', align: 'left', cell: ({ score }) => bar(score, width), style: () => 'dim' };
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

/** The head, then one row for each model. */
function cellsOf(columns: readonly TextColumn[], models: readonly ModelOverview[]): readonly (readonly string[])[] {
  return [columns.map(({ head }) => head), ...models.map((model) => columns.map(({ cell }) => cell(model)))];
}

/** Width of the table when no cell is cut. */
function naturalWidth(columns: readonly TextColumn[], models: readonly ModelOverview[]): number {
  return totalWidth(columnWidths(cellsOf(columns, models), columns.length));
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0) + COLUMN_GAP.length * (widths.length - 1);
}

/** The first column, the name of the model, is cut by the excess width of the table. */
function table(
  columns: readonly TextColumn[],
  models: readonly ModelOverview[],
  { width, color }: TerminalOptions,
): readonly string[] {
  const rows = cellsOf(columns, models);
  const [name = 0, ...others] = columnWidths(rows, columns.length);
  const excess = Math.max(0, totalWidth([name, ...others]) - width);
  const widths = [Math.max(Math.min(name, NARROWEST_NAME), name - excess), ...others];
  const alignments = columns.map(({ align }) => align);
  const styles = [
    columns.map(() => 'dim' as const),
    ...models.map((model) => columns.map(({ style }) => style?.(model))),
  ];
  return rows.map((row, index) => {
    const cells = alignCells(row, widths, alignments);
    return cells.map((cell, column) => paint(cell, color ? styles[index]?.[column] : undefined)).join(COLUMN_GAP);
  });
}

function paint(text: string, style: Style | undefined): string {
  return style === undefined ? text : `\u001b[${SGR[style]}m${text}\u001b[0m`;
}

/** Figures without a column; empty when there are none. */
function notes(models: readonly ModelOverview[], isScored: boolean): readonly string[] {
  const lines = models.flatMap((model) => {
    const parts = [...scorerParts(model), ...troubleParts(model)];
    return parts.length === 0 ? [] : [escapeTerminal(`${model.id}: ${parts.join(', ')}`)];
  });
  const differ = models.some(({ score, scoreAll }) => score.value !== scoreAll.value);
  const legend = differ ? ['score: of what was answered · all: 0 for refused, filtered, truncated, unparsed'] : [];
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
