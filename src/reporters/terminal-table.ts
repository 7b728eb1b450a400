/** The summary of a run for standard output: one line a model, then what went wrong. */

import { displayWidth, fitWidth, padWidth } from './display-width.ts';
import { escapeTerminal } from './escape-terminal.ts';
import { cost, duration, percent, percentInterval, tallies, tokens } from './figures-for-people.ts';
import { type ModelOverview, type OverviewFigure, overview } from './overview.ts';
import type { RunInfo, SummaryRow } from './report.ts';

/** What the terminal can do; the caller finds out. */
export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

interface TextColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
  readonly cell: (model: ModelOverview) => string;
  readonly style?: (model: ModelOverview) => Style | undefined;
}

type Style = 'bold' | 'dim' | 'red' | 'yellow';

/** ECMA-48 select graphic rendition. */
const SGR: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, yellow: 33 };

const GAP = '  ';
const WIDEST_BAR = 24;
const NARROWEST_BAR = 10;
const NARROWEST_NAME = 12;

/** A table that fits the width where it can: the interval's drawing goes first, then long model names are cut. */
export function terminalTable(summary: readonly SummaryRow[], run: RunInfo, options: TerminalOptions): string {
  const models = overview(run, summary);
  const scored = models.some(({ score, scoreAll }) => score.value !== null || scoreAll.value !== null);
  const columns = [...NAME, ...(scored ? SCORE : []), ...REST];
  const room = options.width - tableWidth(columns, models);
  const bar = Math.min(WIDEST_BAR, room - GAP.length);
  if (scored && bar >= NARROWEST_BAR) columns.splice(NAME.length + SCORE.length - 1, 0, barColumn(bar));
  const lines = table(columns, models, Math.min(0, room), options.color);
  return [...lines, ...notes(models)].map((line) => `${line.trimEnd()}\n`).join('');
}

const NAME: readonly TextColumn[] = [
  { head: 'model', align: 'left', cell: ({ id }) => escapeTerminal(id) },
  { head: 'samples', align: 'right', cell: ({ samples }) => String(samples) },
];

const SCORE: readonly TextColumn[] = [
  { head: 'score', align: 'right', cell: ({ score }) => percent(score.value), style: () => 'bold' },
  { head: '95% interval', align: 'left', cell: ({ score }) => percentInterval(score) },
  { head: 'all', align: 'right', cell: ({ scoreAll }) => percent(scoreAll.value) },
];

const REST: readonly TextColumn[] = [
  { head: 'p50', align: 'right', cell: ({ p50Ms }) => duration(p50Ms) },
  { head: 'p95', align: 'right', cell: ({ p95Ms }) => duration(p95Ms) },
  { head: 'tokens in→out', align: 'right', cell: tokens },
  {
    ...{ head: 'cost', align: 'right', cell: cost },
    style: ({ costUsd, unpriced }) => (costUsd === null || unpriced > 0 ? 'yellow' : undefined),
  },
  {
    ...{ head: 'failed', align: 'right', cell: ({ failed }) => String(failed) },
    style: ({ failed }) => (failed > 0 ? 'red' : undefined),
  },
];

function barColumn(width: number): TextColumn {
  return { head: '', align: 'left', cell: ({ score }) => bar(score, width), style: () => 'dim' };
}

/** The interval on a line from 0 to 1. */
function bar({ value, low, high }: OverviewFigure, width: number): string {
  if (value === null) return '';
  const place = (share: number) => Math.min(width - 1, Math.floor(share * width));
  return Array.from({ length: width }, (_, column) => {
    if (column === place(value)) return '●';
    return column >= place(low ?? value) && column <= place(high ?? value) ? '━' : '·';
  }).join('');
}

function columnWidth(column: TextColumn, models: readonly ModelOverview[]): number {
  return Math.max(displayWidth(column.head), ...models.map((model) => displayWidth(column.cell(model))));
}

function tableWidth(columns: readonly TextColumn[], models: readonly ModelOverview[]): number {
  const widths = columns.map((column) => columnWidth(column, models));
  return widths.reduce((total, width) => total + width, 0) + GAP.length * (columns.length - 1);
}

/** `excess` (0 or less) is taken off the first column. */
function table(
  columns: readonly TextColumn[],
  models: readonly ModelOverview[],
  excess: number,
  color: boolean,
): readonly string[] {
  const widths = columns.map((column, index) => {
    const width = columnWidth(column, models);
    return index === 0 ? Math.max(Math.min(width, NARROWEST_NAME), width + excess) : width;
  });
  const line = (cell: (column: TextColumn) => string, style: (column: TextColumn) => Style | undefined) =>
    columns
      .map((column, index) => {
        const width = widths[index] ?? 0;
        return paint(padWidth(fitWidth(cell(column), width), width, column.align), color ? style(column) : undefined);
      })
      .join(GAP);
  return [
    line(
      ({ head }) => head,
      () => 'dim',
    ),
    ...models.map((model) =>
      line(
        ({ cell }) => cell(model),
        ({ style }) => style?.(model),
      ),
    ),
  ];
}

function paint(text: string, style: Style | undefined): string {
  return style === undefined ? text : `\u001b[${SGR[style]}m${text}\u001b[0m`;
}

/** What the table leaves out, only when it happened. */
function notes(models: readonly ModelOverview[]): readonly string[] {
  const lines = models.flatMap((model) => {
    const parts = [
      ...(model.failed > 0 ? [`${model.failed} failed (${tallies(model.failures)})`] : []),
      ...(model.skipped > 0 ? [`${model.skipped} skipped`] : []),
      ...model.outcomes.map(({ name, count }) => `${count} ${name}`),
      ...(model.scores.length > 1 ? model.scores.map(({ name, figure }) => `${name} ${percent(figure.value)}`) : []),
    ];
    return parts.length === 0 ? [] : [`${escapeTerminal(model.id)}: ${escapeTerminal(parts.join(', '))}`];
  });
  const differ = models.some(({ score, scoreAll }) => score.value !== scoreAll.value);
  const legend = differ ? ['score: of what was answered · all: refused, filtered and truncated answers count 0'] : [];
  return lines.length + legend.length === 0 ? [] : ['', ...lines, ...legend];
}
