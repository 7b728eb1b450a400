/** Takes in what workers send: each cell once. */

import { setTimeout as sleep } from 'node:timers/promises';
import { isDone as isFinalResult, keyOf } from '../journal/resume.ts';
import type { RunContext, RunPlan } from '../run/open-cells.ts';
import { keepResult } from '../run/run-cells.ts';
import type { QueueConnection } from './connect.ts';
import type { RunNames } from './names.ts';
import { openResultStream, type SentEntry } from './results-stream.ts';
import { keepSounds } from './sent-sounds.ts';

/** The longest wait for results before the state of the run is looked at. */
export const BLOCK_MS = 500;

export interface InboxOptions {
  /** Absolute folder of the run. */
  readonly folder: string;
  /** Permissions of new files, before the umask. */
  readonly mode: number;
  /** Most cells in the queue, by the index of their model. */
  readonly mostQueued: readonly number[];
}

export type Inbox = ReturnType<typeof createInbox>;

export function createInbox(
  plan: RunPlan,
  context: RunContext,
  { folder, mode, mostQueued }: InboxOptions,
  names: RunNames,
) {
  /** Rows in the queue that have no result yet. */
  const expected = new Set<number>();
  const counts = plan.models.map(() => 0);
  const modelOf = (row: number) => Math.floor(row / plan.repeat) % plan.models.length;
  /** Rows whose newest result is not final: an answer that comes late takes its place. */
  const open = new Set<number>();
  /** Rows with a final result, while they are noted. */
  let answered: Set<number> | null = null;
  let wake = () => {};
  const stream = openResultStream(names);

  const settle = (row: number) => {
    if (!expected.delete(row)) return;
    const model = modelOf(row);
    counts[model] = (counts[model] ?? 0) - 1;
    wake();
  };
  const take = async (received: SentEntry) => {
    const entry = await keepSounds(received, folder, mode, context.warnOnce);
    if (entry.type === 'turn') context.journal.append(entry);
    if (entry.type !== 'result') return;
    // A second result of a cell comes from a worker that was taken for dead, or from one that took over a cell whose first
    // result came late, from the journal of a worker that was started again.
    const isFinal = isFinalResult(entry.data);
    const isAwaited = expected.has(entry.cell) && !isKept(entry.cell, keyOf(entry.data), context);
    const isNew = isAwaited || !context.index.has(entry.cell) || (isFinal && open.has(entry.cell));
    if (isFinal) answered?.add(entry.cell);
    if (isFinal) open.delete(entry.cell);
    else open.add(entry.cell);
    if (isNew) await keepResult(entry.cell, keyOf(entry.data), entry.data, context);
    settle(entry.cell);
  };
  /** Takes in all that is there; waits for the first entry. */
  const receive = (reader: QueueConnection['redis'], blockMs: number) =>
    stream.receive(reader, blockMs, take, () => context.journal.ready(context.stop));
  return {
    receive,
    /** Takes in what workers sent while there was no coordinator, and returns the rows that need not be asked. */
    async takeEarly(reader: QueueConnection['redis']): Promise<ReadonlySet<number>> {
      const rows = new Set<number>();
      answered = rows;
      await receive(reader, 1);
      answered = null;
      return rows;
    },
    expect(row: number) {
      if (expected.has(row)) return;
      expected.add(row);
      const model = modelOf(row);
      counts[model] = (counts[model] ?? 0) + 1;
    },
    isEmpty: () => expected.size === 0,
    /** Resolves when the model has room in the queue. */
    async room(modelIndex: number) {
      while ((counts[modelIndex] ?? 0) >= (mostQueued[modelIndex] ?? 0) && !context.stop.aborted)
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          sleep(BLOCK_MS),
        ]);
    },
  };
}

/** Whether the journal had the final result of a cell when this coordinator started; see `isDone` in `run/open-cells.ts`. */
function isKept(row: number, key: string, { index, done, again }: RunContext): boolean {
  return index.has(row) && done.has(key) && !again.has(key);
}
