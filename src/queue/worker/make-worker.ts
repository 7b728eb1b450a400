/** Takes the jobs of one model from its queue, several at a time. */

import type { Worker } from 'bullmq';
import type { ModelRuntime } from '../../run/cell-context.ts';
import { type Chunk, chunkName } from '../chunks.ts';
import type { QueueConnection } from '../connect.ts';
import type { RunNames } from '../names.ts';
import { Unfinished } from './work-on-chunk.ts';

/** The longest that BullMQ waits for a worker that says nothing before others take over its chunk: below 30 s with the check. */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 7500;
/** A chunk may change hands as often as workers die. */
const MOST_STALLED = 1_000_000;

/** The first error of a worker. */
export interface Failure {
  /** Aborts when there is one, and when the process is stopped. */
  readonly signal: AbortSignal;
  set(error: unknown): void;
  /** @throws the error, if there is one. */
  raise(): void;
}

/** The first error of a chunk ends the worker: another machine may have what this one lacks. */
export function createFailure(stop: AbortSignal): Failure {
  const controller = new AbortController();
  let error: unknown = null;
  if (stop.aborted) controller.abort();
  stop.addEventListener('abort', () => controller.abort(), { once: true });
  return {
    signal: controller.signal,
    set(first: unknown) {
      error ??= first;
      controller.abort();
    },
    raise() {
      if (error !== null) throw error;
    },
  };
}

interface WorkerParts {
  readonly runtime: ModelRuntime;
  readonly modelIndex: number;
  readonly process: (chunk: string, rows: Chunk['rows']) => Promise<void>;
  readonly failure: Failure;
}

/** It takes nothing before its first `run()`: the run may be paused. */
export function makeWorker(
  { bullmq, redis, prefix }: QueueConnection,
  names: RunNames,
  { runtime, modelIndex, process, failure }: WorkerParts,
): Worker<Chunk> {
  const { cellSlots } = runtime.gate;
  const chunks = () => 1 + Math.ceil(cellSlots.count() / 20);
  const worker = new bullmq.Worker<Chunk>(
    names.cells(modelIndex),
    async (job) => {
      try {
        await process(chunkName(modelIndex, job.id), job.data.rows);
      } catch (error) {
        // Thrown again: the chunk goes back into the queue.
        if (!(error instanceof Unfinished)) failure.set(error);
        throw error;
      }
    },
    {
      connection: redis,
      prefix,
      concurrency: chunks(),
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MOST_STALLED,
      autorun: false,
    },
  );
  worker.on('error', () => {});
  cellSlots.onChange(() => {
    worker.concurrency = chunks();
  });
  return worker;
}
