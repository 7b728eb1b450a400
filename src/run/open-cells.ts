/** What a run has to do: its samples, models and repeats, as cells that are not finished. */

import type { HashSet64 } from '../collections/hash-set-64.ts';
import type { ResultIndex } from '../collections/result-index.ts';
import type { LimitChange } from '../limits/gate.ts';
import type { Result } from '../result.ts';
import type { Sample } from '../types.ts';
import { type Cell, type CellContext, keyOfCell, type ModelRuntime, makeCell } from './cell-context.ts';
import type { RunJudging } from './judging/run-judging.ts';
import type { Stopping } from './stopping/stopping.ts';

export interface RunPlan {
  /** Starts a new pass over the selected samples. */
  readonly samples: () => AsyncIterable<Sample>;
  readonly models: readonly ModelRuntime[];
  readonly repeat: number;
}

export interface RunContext extends CellContext {
  /** `cellKey`s of cells that an earlier execution finished. */
  readonly done: HashSet64;
  /** Cells that are sent again although they are `done`, by `cellKey`. */
  readonly again: ReadonlyMap<string, unknown>;
  /** Row indexes of cells that failed in an earlier execution. */
  readonly failed: ReadonlySet<number>;
  readonly index: ResultIndex;
  /** Says when models need not be asked any more; null = every cell is asked. */
  readonly stopping: Stopping | null;
  /** Asks judges about answers; null = no scorer asks one. */
  readonly judging: RunJudging | null;
  /** Awaited: the cell keeps its slot until then. */
  readonly onResult?: (result: Result) => void | Promise<void>;
  /** A cell that failed before was skipped now, and keeps its earlier result. */
  readonly onLeft?: (result: Result & { readonly status: 'skipped' }) => void;
  readonly onWait?: (modelId: string, expectedMs: number | null) => void;
  readonly onLimit?: (modelId: string, change: LimitChange) => void;
}

/** The cells of a sample for one model, in the order of rows in every table: manifest, then configuration, then repeats. */
export function* cellsOf(
  sample: Sample,
  modelIndex: number,
  plan: Pick<RunPlan, 'models' | 'repeat'>,
): Generator<Cell> {
  const model = plan.models[modelIndex];
  if (model === undefined) return;
  const firstRow = (sample.index * plan.models.length + modelIndex) * plan.repeat;
  for (let repeat = 0; repeat < plan.repeat; repeat += 1) yield makeCell(sample, model, repeat, firstRow + repeat);
}

/** True for a cell that an earlier execution finished under the same row index, and that is not asked again. */
export function isDone(cell: Cell, { done, again, index }: Pick<RunContext, 'done' | 'again' | 'index'>): boolean {
  return index.has(cell.rowIndex) && done.has(keyOfCell(cell)) && !again.has(keyOfCell(cell));
}

/**
 * The last cell of a model that is not finished, that the model supports and that `isFree` accepts; null = none. Reads the
 * samples once more from the start and keeps one of them: only a model that is about to be stopped needs it.
 */
export async function lastOpenCell(
  plan: RunPlan,
  modelIndex: number,
  context: Pick<RunContext, 'done' | 'again' | 'index' | 'stop'>,
  isFree: (cell: Cell) => boolean,
): Promise<Cell | null> {
  const isOpen = (cell: Cell) =>
    cell.request.unsupported === null &&
    cell.request.sample.broken === undefined &&
    isFree(cell) &&
    !isDone(cell, context);
  let last: Cell | null = null;
  for await (const sample of plan.samples()) {
    if (context.stop.aborted) return null;
    for (const cell of cellsOf(sample, modelIndex, plan)) if (isOpen(cell)) last = cell;
  }
  // Cells may have started meanwhile.
  return last !== null && isFree(last) ? last : null;
}
