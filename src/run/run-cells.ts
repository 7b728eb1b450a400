/** The run loop: every model reads the samples at its own pace, cells start with back-pressure, results go to the journal. */

import pLimit from 'p-limit';
import { createSharedReader } from '../collections/shared-reader.ts';
import { createRejectedResults, type RejectedResults } from '../journal/rejected-results.ts';
import { isUnjudged } from '../journal/scores/unjudged.ts';
import { createTasks } from '../limits/tasks.ts';
import type { Result } from '../result.ts';
import type { Sample } from '../types.ts';
import { runCell } from './cell.ts';
import { type Cell, keyOfCell, type ModelRuntime } from './cell-context.ts';
import { decidedResult, rejudgedResult } from './cell-result.ts';
import { cellsOf, isDone, lastOpenCell, type RunContext, type RunPlan } from './open-cells.ts';

/**
 * Runs every unfinished cell that `isAsked` accepts. Resolves when all results are in the journal, or after `stop` when no
 * request is in flight.
 */
export async function runCells(
  plan: RunPlan,
  context: RunContext,
  isAsked: (cell: Cell) => boolean = () => true,
): Promise<void> {
  const shared = createSharedReader(plan.samples);
  for (const judge of context.judging?.judges ?? []) watchModel(judge, context);
  const walks = plan.models.map((_, modelIndex) => walk(plan, modelIndex, shared.read(), context, isAsked));
  // When one model's loop fails, the others still finish.
  for (const end of await Promise.allSettled(walks)) if (end.status === 'rejected') throw end.reason;
}

/**
 * Gives finished cells their new row index, in a run whose dataset or models changed. This happens before anything is
 * sent, so that the tables are complete even if the run is stopped. `readFinished` returns an earlier result by its cell
 * key. Returns the number of finished cells of each model.
 */
export async function moveFinished(
  plan: RunPlan,
  readFinished: (key: string) => Result | null,
  context: RunContext,
): Promise<ReadonlyMap<string, number>> {
  const done = new Map(plan.models.map(({ config }) => [config.id, 0]));
  for await (const sample of plan.samples())
    for (const modelIndex of plan.models.keys())
      for (const cell of cellsOf(sample, modelIndex, plan)) {
        const earlier =
          context.done.has(keyOfCell(cell)) && !context.index.has(cell.rowIndex) ? readFinished(keyOfCell(cell)) : null;
        if (earlier !== null) keep(cell.rowIndex, await rejudgedResult(cell, earlier, context), context);
        const { id } = cell.model.config;
        if (earlier !== null || isDone(cell, context)) done.set(id, (done.get(id) ?? 0) + 1);
      }
  // Lines that wait for a full disk are not in the index yet, and their cells would run again.
  await context.journal.ready(context.stop);
  return done;
}

/** Runs the unfinished cells of one model. */
async function walk(
  plan: RunPlan,
  modelIndex: number,
  samples: AsyncIterable<Sample>,
  context: RunContext,
  isAsked: (cell: Cell) => boolean,
): Promise<void> {
  const model = plan.models[modelIndex];
  if (model === undefined) return;
  watchModel(model, context);
  async function* cells(): AsyncGenerator<Cell> {
    for await (const sample of samples)
      for (const cell of cellsOf(sample, modelIndex, plan)) if (isAsked(cell)) yield cell;
  }
  await askCells(model, cells(), context, (isFree) =>
    lastOpenCell(plan, modelIndex, context, (cell) => isAsked(cell) && isFree(cell)),
  );
}

/**
 * Asks a model for those of its cells that are not finished, in the order of their rows. A model in doubt is tried with its
 * last cell, which `lastOpen` finds among those that `isFree` accepts. Resolves when all results are in the journal.
 */
export async function askCells(
  model: ModelRuntime,
  cells: AsyncIterable<Cell>,
  context: RunContext,
  lastOpen: (isFree: (cell: Cell) => boolean) => Promise<Cell | null>,
): Promise<void> {
  const { cellSlots, onDoubt } = model.gate;
  const limit = pLimit(cellSlots.count());
  const unwatch = cellSlots.onChange(() => {
    limit.concurrency = cellSlots.count();
  });
  const tasks = createTasks();
  const queue = createJudgingQueue(context);
  const results = createRejectedResults(model.gate, async (cell: Cell, result) => {
    keepNewest(cell.rowIndex, keyOfCell(cell), result, context);
    // Not awaited: the model goes on while judges are asked.
    if (result.status === 'completed' && queue.takes(cell)) queue.judge(cell, result);
    else await context.onResult?.(result);
  });
  const rankOf = ({ rowIndex, request }: Cell) => context.stopping?.rankOf(request.sample.id) ?? rowIndex;
  /** Cells start in the order of their rows, or of a run that may stop early, except those that are tried. */
  let started = -1;
  const tried = new Set<number>();
  const isFree = (cell: Cell) => rankOf(cell) > started && !tried.has(cell.rowIndex);
  const start = async (cell: Cell) => {
    if (tried.has(cell.rowIndex)) return;
    started = rankOf(cell);
    await finish(cell, context, results);
  };
  const tryLast = async () => {
    const last = await lastOpen(isFree);
    if (last === null) return;
    tried.add(last.rowIndex);
    if (await finishTrial(last, context, results)) return;
    void tasks.run(() => limit(() => finish(last, context, results)));
  };
  const failure = () => tasks.failure() ?? queue.failure();
  const isOver = () => context.stop.aborted || failure() !== null;
  onDoubt(() => tasks.run(tryLast));
  try {
    for await (const cell of cells) {
      if (isOver()) break;
      await queue.hasRoom();
      if (isDone(cell, context)) {
        if (queue.takes(cell)) queue.judgeStored(cell);
        continue;
      }
      await context.stopping?.hasRoom(placeOf(cell), context.stop);
      // At most one closure waits for each one that runs: a million samples stay on disk.
      while (tasks.count() >= 2 * limit.concurrency) await tasks.oneEnds();
      void tasks.run(() => limit(() => start(cell)));
    }
  } finally {
    // Also when reading fails: requests in flight are paid for.
    await tasks.allEnd();
    await results.flush();
    await queue.allEnd();
    unwatch();
  }
  if (failure() !== null) throw failure();
}

/** Reports every change of the model's pace. */
export function watchModel({ config: { id }, gate }: ModelRuntime, context: RunContext): void {
  gate.watch((change) => {
    context.journal.append({ type: 'limit', data: { modelId: id, ...change } });
    context.onLimit?.(id, change);
  });
  gate.waits.watch((expectedMs) => context.onWait?.(id, expectedMs));
}

/** The answers of a model that wait for their judgements. */
function createJudgingQueue(context: RunContext) {
  const { judging, stop, onResult } = context;
  const tasks = createTasks();
  const judgeNow = async (cell: Cell, result: Result) => {
    const judged = judging === null || stop.aborted ? result : await judging.judge(cell, result);
    // What the stop prevented is asked when the run is resumed.
    const isSame = JSON.stringify(judged.scores) === JSON.stringify(result.scores);
    if (!isSame && !(stop.aborted && isUnjudged(judged))) keep(cell.rowIndex, judged, context);
    await onResult?.(isSame ? result : judged);
  };
  return {
    takes: ({ rowIndex }: Cell) => judging?.isOpen(rowIndex) === true,
    judge: (cell: Cell, result: Result) => void tasks.run(() => judgeNow(cell, result)),
    judgeStored: (cell: Cell) =>
      void tasks.run(async () => {
        const result = await judging?.read(cell.rowIndex);
        if (result) await judgeNow(cell, result);
      }),
    async hasRoom() {
      while (judging !== null && tasks.count() >= judging.most()) await tasks.oneEnds();
    },
    allEnd: tasks.allEnd,
    failure: tasks.failure,
  };
}

/** Writes the result of a cell, which its row and its `cellKey` name, and reports it. */
export async function keepResult(row: number, key: string, result: Result, context: RunContext): Promise<void> {
  keepNewest(row, key, result, context);
  await context.onResult?.(result);
}

function keepNewest(row: number, key: string, result: Result, context: RunContext): void {
  if (result.status === 'skipped' && keepsEarlier(row, key, result, context)) context.onLeft?.(result);
  else keep(row, result, context);
}

/**
 * A skipped cell must not replace its earlier failure, which has a cost, nor the answer to a medium that is broken now or to a
 * question that was to be asked again.
 */
function keepsEarlier(
  row: number,
  key: string,
  { failure }: Result & { status: 'skipped' },
  context: RunContext,
): boolean {
  if (context.failed.has(row)) return true;
  const isKept = failure.kind === 'media' || failure.kind === 'decided';
  return context.index.has(row) && (isKept || context.again.has(key));
}

function placeOf({ request: { model, sample } }: Cell) {
  return { modelId: model.id, sampleId: sample.id };
}

/** A cell that is asked again takes no answer from the cache; its new answer replaces the one there. */
function freshContext(cell: Cell, context: RunContext): RunContext {
  if (context.cache === null || !context.again.has(keyOfCell(cell))) return context;
  return { ...context, cache: { ...context.cache, get: () => null } };
}

async function finish(cell: Cell, context: RunContext, results: RejectedResults<Cell>): Promise<void> {
  if (context.stop.aborted) return;
  const { model, sample, unsupported } = cell.request;
  // What cannot be sent costs nothing, and says why itself.
  const isSent = unsupported === null && sample.broken === undefined;
  const isNeeded = !isSent || context.stopping?.isDecided(model.id) !== true;
  const result = isNeeded ? await runCell(cell, freshContext(cell, context)) : decidedResult(cell, context);
  // Before it is written: results that are held back must not hold the other models.
  context.stopping?.note(result);
  if (!isUnsent(result, context)) await results.add(cell, result);
}

/** Sends the cell while all others of its model wait. Returns false when the budget does not cover it now. */
async function finishTrial(cell: Cell, context: RunContext, results: RejectedResults<Cell>): Promise<boolean> {
  if (context.stop.aborted) return true;
  const gate = { ...cell.model.gate, admit: cell.model.gate.admitTrial };
  // Cells that wait for the trial hold reservations: a trial that waited for these would wait for ever.
  const budget = context.budget === null ? null : { ...context.budget, open: context.budget.openNow };
  const result = await runCell({ ...cell, model: { ...cell.model, gate } }, { ...freshContext(cell, context), budget });
  if (result.status === 'skipped' && result.failure.kind === 'budget') return false;
  context.stopping?.note(result);
  if (!isUnsent(result, context)) await results.add(cell, result);
  return true;
}

/** Stopped before it was sent: the cell stays missing, and a resumed run sends it. */
function isUnsent(result: Result, { stop }: RunContext): boolean {
  return stop.aborted && result.status === 'failed' && result.attempts === 0;
}

function keep(row: number, result: Result, context: RunContext): void {
  context.journal.append({ type: 'result', cell: row, data: result }, ({ offset, byteLength }) =>
    context.index.set(row, offset, byteLength),
  );
  context.judging?.note(row, result);
}
