/** The run loop: every model reads the samples at its own pace, cells start with back-pressure, results go to the journal. */

import pLimit from 'p-limit';
import type { HashSet64 } from '../collections/hash-set-64.ts';
import type { ResultIndex } from '../collections/result-index.ts';
import { createSharedReader } from '../collections/shared-reader.ts';
import type { LimitChange } from '../limits/gate.ts';
import type { Result } from '../result.ts';
import type { Sample } from '../types.ts';
import { runCell } from './cell.ts';
import { type Cell, type CellContext, keyOfCell, type ModelRuntime, makeCell } from './cell-context.ts';
import { rejudgedResult } from './cell-result.ts';

export interface RunPlan {
  /** Starts a new pass over the selected samples. */
  readonly samples: () => AsyncIterable<Sample>;
  readonly models: readonly ModelRuntime[];
  readonly repeat: number;
}

export interface RunContext extends CellContext {
  /** `cellKey`s of cells that an earlier execution finished. */
  readonly done: HashSet64;
  /** Row indexes of cells that failed in an earlier execution. */
  readonly failed: ReadonlySet<number>;
  readonly index: ResultIndex;
  /** Awaited: the cell keeps its slot until then. */
  readonly onResult?: (result: Result) => void | Promise<void>;
  /** A cell that failed before was skipped now, and keeps its earlier result. */
  readonly onLeft?: (result: Result & { readonly status: 'skipped' }) => void;
  readonly onLimit?: (modelId: string, change: LimitChange) => void;
}

/** The order of rows in every table: manifest order, then configuration order, then repeats. */
function rowIndexOf(sampleIndex: number, modelIndex: number, repeat: number, plan: Pick<RunPlan, 'models' | 'repeat'>) {
  return (sampleIndex * plan.models.length + modelIndex) * plan.repeat + repeat;
}

/** Runs every unfinished cell. Resolves when all results are in the journal, or after `stop` when no request is in flight. */
export async function runCells(plan: RunPlan, context: RunContext): Promise<void> {
  const shared = createSharedReader(plan.samples);
  const walks = plan.models.map((model, modelIndex) => walk(plan, model, modelIndex, shared.read(), context));
  // When one model's loop fails, the others still finish.
  for (const end of await Promise.allSettled(walks)) if (end.status === 'rejected') throw end.reason;
}

/**
 * Gives finished cells their new row index, in a run whose dataset or models changed. This happens before anything is
 * sent, so that the tables are complete even if the run is stopped. `readFinished` returns an earlier result by its cell
 * key. Returns the number of finished cells.
 */
export async function moveFinished(
  plan: RunPlan,
  readFinished: (key: string) => Result | null,
  context: RunContext,
): Promise<number> {
  let done = 0;
  for await (const sample of plan.samples())
    for (const [modelIndex, model] of plan.models.entries())
      for (let repeat = 0; repeat < plan.repeat; repeat += 1) {
        const cell = makeCell(sample, model, repeat, rowIndexOf(sample.index, modelIndex, repeat, plan));
        const earlier =
          context.done.has(keyOfCell(cell)) && !context.index.has(cell.rowIndex) ? readFinished(keyOfCell(cell)) : null;
        if (earlier !== null) keep(cell, await rejudgedResult(cell, earlier, context), context);
        if (earlier !== null || isDone(cell, context)) done += 1;
      }
  // Lines that wait for a full disk are not in the index yet, and their cells would run again.
  await context.journal.ready(context.stop);
  return done;
}

async function walk(
  plan: RunPlan,
  model: ModelRuntime,
  modelIndex: number,
  samples: AsyncIterable<Sample>,
  context: RunContext,
): Promise<void> {
  const { cellSlots, watch } = model.gate;
  const limit = pLimit(cellSlots.count());
  cellSlots.onChange(() => {
    limit.concurrency = cellSlots.count();
  });
  watch((change) => {
    context.journal.append({ type: 'limit', data: { modelId: model.config.id, ...change } });
    context.onLimit?.(model.config.id, change);
  });
  const running = new Set<Promise<void>>();
  let wake = () => {};
  let broken: unknown = null;
  try {
    for await (const sample of samples) {
      for (let repeat = 0; repeat < plan.repeat; repeat += 1) {
        if (context.stop.aborted || broken !== null) break;
        const cell = makeCell(sample, model, repeat, rowIndexOf(sample.index, modelIndex, repeat, plan));
        if (isDone(cell, context)) continue;
        // At most one closure waits for each one that runs: a million samples stay on disk.
        while (running.size >= 2 * limit.concurrency) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        const task: Promise<void> = limit(() => finish(cell, context))
          .catch((error: unknown) => {
            broken ??= error;
          })
          .finally(() => {
            running.delete(task);
            wake();
          });
        running.add(task);
      }
      if (context.stop.aborted || broken !== null) break;
    }
  } finally {
    // Also when reading fails: requests in flight are paid for.
    await Promise.all(running);
  }
  if (broken !== null) throw broken;
}

async function finish(cell: Cell, context: RunContext): Promise<void> {
  if (context.stop.aborted) return;
  const result = await runCell(cell, context);
  // Stopped before it was sent: the cell stays missing, and a resumed run sends it.
  if (context.stop.aborted && result.status === 'failed' && result.attempts === 0) return;
  // A skipped cell must not replace its earlier failure, which has a cost.
  if (result.status === 'skipped' && context.failed.has(cell.rowIndex)) context.onLeft?.(result);
  else keep(cell, result, context);
  await context.onResult?.(result);
}

function keep(cell: Cell, result: Result, context: RunContext): void {
  context.journal.append({ type: 'result', cell: cell.rowIndex, data: result }, ({ offset, byteLength }) =>
    context.index.set(cell.rowIndex, offset, byteLength),
  );
}

/** True for a cell that an earlier execution finished under the same row index. */
function isDone(cell: Cell, { done, index }: Pick<RunContext, 'done' | 'index'>): boolean {
  return index.has(cell.rowIndex) && done.has(keyOfCell(cell));
}
