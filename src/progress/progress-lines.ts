/** Writes the figures of a run in progress as one line, or as several where a terminal has room. */

import { count } from '../estimate/estimate-table.ts';
import { dollars, inBrackets } from '../reporters/figures-for-people.ts';
import { displayWidth, fitMiddle, padWidth } from '../text/display-width.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { columnWidths } from '../text/text-table.ts';
import type { KindCount, ModelProgress, ProgressFigures } from './run-meter.ts';

/** What the models wait for. */
export interface ProgressState {
  readonly figures: ProgressFigures;
  /** How long a model waits for its rate limit, in milliseconds from now, by model id. */
  readonly waits: ReadonlyMap<string, number>;
  /** Models to which nothing more is sent. */
  readonly stopped: ReadonlySet<string>;
  /** USD; null = no limit. */
  readonly maxCostUsd: number | null;
}

/** More models have no line each. */
const MOST_MODELS = 8;

/** With fewer columns there is one line. */
const NARROWEST_BLOCK = 60;

const WIDEST_BAR = 30;
const NARROWEST_BAR = 8;

/** Columns that a model's name gets at least, and those that are kept for what it is doing. */
const NARROWEST_NAME = 16;
const DOING_WIDTH = 36;

const SEPARATOR = ' · ';

/** Lines for a terminal of this size. */
export function progressLines(
  state: ProgressState,
  { width, rows }: { readonly width: number; readonly rows: number },
): readonly string[] {
  const { models } = state.figures;
  const hasRoom = width >= NARROWEST_BLOCK && models.length <= MOST_MODELS && models.length + 4 <= rows;
  if (!hasRoom) return [shortLine(state)];
  return [
    headLine(state.figures, width),
    joined([costText(state), speed(state.figures)]),
    joined(troubles(state.figures)),
    ...modelLines(state, width),
  ].filter((line) => line !== '');
}

const joined = (parts: readonly string[]) => parts.filter((text) => text !== '').join(SEPARATOR);

/** One line with everything, for a log. */
export function progressLine(state: ProgressState): string {
  const { figures } = state;
  const { done, total, models, leftMs } = figures;
  const isOver = done >= total;
  const busy = models.filter(({ inFlight }) => inFlight > 0);
  const sum = busy.reduce((all, { inFlight }) => all + inFlight, 0);
  const inFlight =
    busy.length > MOST_MODELS
      ? [`${count(sum)} in flight to ${busy.length} models`]
      : busy.length === 0
        ? []
        : [`in flight ${busy.map((model) => `${escapeTerminal(model.id)} ${model.inFlight}`).join(', ')}`];
  return joined([
    `${count(done)}/${count(total)} (${share(figures)})`,
    ...troubles(figures),
    speed(figures),
    ...(isOver || leftMs === null ? [] : [`${timeLeft(leftMs)} left`]),
    costText(state),
    ...(isOver ? [] : inFlight),
    ...waitTexts(state),
  ]);
}

/** The most important first: the rest is cut. */
function shortLine(state: ProgressState): string {
  const { figures } = state;
  const { done, total, failures, leftMs, models } = figures;
  const failed = sumOf(failures);
  const inFlight = models.reduce((sum, model) => sum + model.inFlight, 0);
  return joined([
    `${count(done)}/${count(total)}`,
    ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    ...(leftMs === null ? [] : [`${timeLeft(leftMs)} left`]),
    costText(state),
    ...(inFlight === 0 ? [] : [`${count(inFlight)} in flight`]),
    ...waitTexts(state),
    speed(figures),
  ]);
}

function headLine(figures: ProgressFigures, width: number): string {
  const { done, total, perSecond, leftMs } = figures;
  const start = `${count(done)}/${count(total)}  ${share(figures)}`;
  const pace = [
    ...(perSecond === null ? [] : [`${rate(perSecond)}/s`]),
    ...(leftMs === null || done >= total ? [] : [`${timeLeft(leftMs)} left`]),
  ].join(SEPARATOR);
  const room = Math.min(WIDEST_BAR, width - 1 - displayWidth(start) - displayWidth(pace) - 4);
  return [start, ...(room < NARROWEST_BAR ? [] : [bar(done / Math.max(1, total), room)]), pace].join('  ').trimEnd();
}

function bar(part: number, columns: number): string {
  const full = Math.min(columns, Math.floor(part * columns));
  return '━'.repeat(full) + '·'.repeat(columns - full);
}

function modelLines({ figures, waits, stopped }: ProgressState, width: number): readonly string[] {
  const rows = figures.models.map((model) => [
    escapeTerminal(model.id),
    `${count(model.done)}/${count(model.total)}`,
    doing(model, waits.get(model.id), stopped.has(model.id)),
  ]);
  const [name = 0, done = 0] = columnWidths(rows, 2);
  // The same in every redraw, whatever the models are doing.
  const nameWidth = Math.min(name, Math.max(NARROWEST_NAME, width - done - DOING_WIDTH));
  return rows.map(([id = '', cells = '', what = '']) =>
    ['', padWidth(fitMiddle(id, nameWidth), nameWidth, 'left'), padWidth(cells, done, 'right'), what]
      .join('  ')
      .trimEnd(),
  );
}

function doing(
  { inFlight, waiting, done, total }: ModelProgress,
  waitMs: number | undefined,
  isStopped: boolean,
): string {
  if (done >= total) return 'done';
  return [
    ...(isStopped ? ['stopped'] : []),
    ...(inFlight > 0 ? [`${count(inFlight)} in flight`] : []),
    ...(waiting > 0 ? [`${count(waiting)} waiting`] : []),
    ...(waitMs === undefined ? [] : [`rate limit ${seconds(waitMs)}`]),
  ].join(SEPARATOR);
}

function waitTexts({ waits }: ProgressState): readonly string[] {
  return [...waits].map(([id, waitMs]) => `${escapeTerminal(id)} waits ${seconds(waitMs)} for its rate limit`);
}

function troubles({ failures, skips }: ProgressFigures): readonly string[] {
  return [
    ...(failures.length === 0 ? [] : [`${count(sumOf(failures))} failed${kinds(failures)}`]),
    ...(skips.length === 0 ? [] : [`${count(sumOf(skips))} skipped${kinds(skips)}`]),
  ];
}

const sumOf = (counts: readonly KindCount[]) => counts.reduce((sum, { count: cells }) => sum + cells, 0);

const kinds = (counts: readonly KindCount[]) =>
  inBrackets(counts.map(({ kind, count: cells }) => ({ name: kind, count: cells })));

function speed({ tokensPerMinute }: ProgressFigures): string {
  return tokensPerMinute === null || tokensPerMinute === 0 ? '' : `${roughly(tokensPerMinute)} tokens/min`;
}

/** `9,876`, `234k`, `1.07M`. */
function roughly(value: number): string {
  if (value < 9999.5) return count(value);
  if (value < 999_500) return `${count(value / 1000)}k`;
  return `${(value / 1_000_000).toFixed(value < 9_995_000 ? 2 : 1)}M`;
}

/** `$0.0123 of about $1.30`; empty where everything is free or without a price. */
function costText({ figures, maxCostUsd }: ProgressState): string {
  const { spentUsd, expectedUsd, unpriced, done, total } = figures;
  // Free, unpriced, or nothing was billed so far.
  if ((spentUsd ?? 0) === 0) return '';
  const least = unpriced > 0 ? '≥' : '';
  const expected =
    expectedUsd === null || done >= total ? '' : ` of ${unpriced > 0 ? 'at least' : 'about'} ${dollars(expectedUsd)}`;
  const limit = maxCostUsd === null ? '' : `, limit ${dollars(maxCostUsd)}`;
  return `${least}${dollars(spentUsd ?? 0)}${expected}${limit}`;
}

function share({ done, total }: ProgressFigures): string {
  return `${total === 0 ? 100 : Math.floor((100 * done) / total)}%`;
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : count(perSecond);
}

function seconds(ms: number): string {
  return `${Math.max(1, Math.ceil(ms / 1000))} s`;
}

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** `42 s`, `12 min`, `2 h 10 min`, `3 d 4 h`; never exact to more than it is known. */
export function timeLeft(ms: number): string {
  const left = Math.ceil(ms / 1000);
  if (left < 2 * MINUTE_S) return `${left} s`;
  if (left < 2 * HOUR_S) return `${Math.ceil(left / MINUTE_S)} min`;
  const [unit, part, name, partName] = left < 2 * DAY_S ? [HOUR_S, MINUTE_S, 'h', 'min'] : [DAY_S, HOUR_S, 'd', 'h'];
  return `${Math.floor(left / unit)} ${name} ${Math.floor((left % unit) / part)} ${partName}`;
}
