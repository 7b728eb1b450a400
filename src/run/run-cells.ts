/** The run loop: every model walks the samples at its own pace, cells are admitted with back-pressure, results are journalled. */

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
  /** A fresh pass over the samples that take part. */
  readonly samples: () => AsyncIterable<Sample>;
  readonly models: readonly ModelRuntime[];
  readonly repeat: number;
}

export interface RunContext extends CellContext {
  /** Cells that an earlier execution finished. */
  readonly done: HashSet64;
  /** Row indexes of cells that an earlier execution asked in vain. */
  readonly failed: ReadonlySet<number>;
  readonly index: ResultIndex;
  /** Waited for: the cell keeps its place until then. */
  readonly onResult?: (result: Result) => void | Promise<void>;
  /** A cell that failed before is left as it was. */
  readonly onLeft?: (result: Result & { readonly status: 'skipped' }) => void;
  readonly onLimit?: (modelId: string, change: LimitChange) => void;
}

/** Orders the rows of every table: manifest order, then configuration order, then repeats. */
function rowIndexOf(sampleIndex: number, modelIndex: number, repeat: number, plan: Pick<RunPlan, 'models' | 'repeat'>) {
  return (sampleIndex * plan.models.length + modelIndex) * plan.repeat + repeat;
}

/** Runs every cell that is not done. Resolves when all are journalled, or after `stop` when nothing is in flight any more. */
export async function runCells(plan: RunPlan, context: RunContext): Promise<void> {
  const shared = createSharedReader(plan.samples);
  const walks = plan.models.map((model, modelIndex) => walk(plan, model, modelIndex, shared.read(), context));
  // One broken walk never cuts the others short.
  for (const end of await Promise.allSettled(walks)) if (end.status === 'rejected') throw end.reason;
}

/**
 * Gives what an earlier execution finished its new place, for a run whose manifest or models changed; before anything is
 * sent, so that a run which is stopped has all of it in its tables. `readFinished` reads an earlier result. Returns how many
 * cells are done now.
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
  // What waits for a full disk is in no index yet, and would be asked again.
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
        // Never more than one closure waits for each one that runs: a million samples stay on disk.
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
    // Should reading fail, what is in flight is paid for all the same.
    await Promise.all(running);
  }
  if (broken !== null) throw broken;
}

async function finish(cell: Cell, context: RunContext): Promise<void> {
  if (context.stop.aborted) return;
  const result = await runCell(cell, context);
  // Stopped before it was sent: it is missing, and a resumed run asks it.
  if (context.stop.aborted && result.status === 'failed' && result.attempts === 0) return;
  // What a cell came to, and cost, when it was asked is not undone by not asking it again.
  if (result.status === 'skipped' && context.failed.has(cell.rowIndex)) context.onLeft?.(result);
  else keep(cell, result, context);
  await context.onResult?.(result);
}

function keep(cell: Cell, result: Result, context: RunContext): void {
  context.journal.append({ type: 'result', cell: cell.rowIndex, data: result }, ({ offset, byteLength }) =>
    context.index.set(cell.rowIndex, offset, byteLength),
  );
}

/** True for a cell that an earlier execution finished and that stands where it belongs. */
function isDone(cell: Cell, { done, index }: Pick<RunContext, 'done' | 'index'>): boolean {
  return index.has(cell.rowIndex) && done.has(keyOfCell(cell));
}
