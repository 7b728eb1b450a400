/** A worker's second: it says that it is alive, and does what the run does: goes on, pauses, ends. */

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Worker } from 'bullmq';
import { systemClock } from '../../limits/clock.ts';
import type { ModelRuntime } from '../../run/cell-context.ts';
import type { QueueConnection } from '../connect.ts';
import type { RunNames } from '../names.ts';
import { createUnservedWatch } from '../unserved.ts';
import { readWorkers, sayAlive, type WorkerInfo } from '../worker-info.ts';
import type { Halt } from './halt.ts';
import type { Failure } from './make-worker.ts';
import { takeOverStops } from './worker-runtimes.ts';

/** How often a worker says that it is alive, and looks whether the run goes on. */
const BEAT_MS = 1000;

export interface FollowedRun {
  readonly connection: QueueConnection;
  readonly names: RunNames;
  readonly runtimes: readonly ModelRuntime[];
  readonly workers: readonly Pick<Worker, 'isRunning' | 'run' | 'emit' | 'pause' | 'resume'>[];
  readonly halt: Halt;
  readonly failure: Failure;
  readonly info: () => Pick<WorkerInfo, 'models' | 'missing' | 'inFlight' | 'done'>;
  readonly say: (line: string) => void;
}

/** Resolves when the run has ended, or the worker has failed or is stopped; with true when the run goes on in another queue. */
export async function followRun({
  connection: { redis, shown },
  names,
  runtimes,
  workers,
  halt,
  failure,
  info,
  say,
}: FollowedRun): Promise<boolean> {
  const id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`;
  const startedAt = Date.now();
  const unserved = createUnservedWatch(Object.keys(info().missing), shown, systemClock.now);
  let wasPaused: boolean | null = null;
  let isReplaced = false;
  while (!failure.signal.aborted) {
    await sayAlive(redis, names.workers, { id, startedAt, ...info() });
    await takeOverStops(runtimes, redis, names);
    const state = await redis.hget(names.run, 'state');
    isReplaced = state === 'replaced';
    if (isReplaced || state === 'ended' || state === null) break;
    const isPaused = state === 'paused';
    if (isPaused !== wasPaused) {
      if (isPaused) say('the coordinator has stopped: waiting until the run is resumed');
      else if (wasPaused) say('the run goes on');
      if (isPaused) await pause(workers, halt);
      else await resume(workers, halt);
      wasPaused = isPaused;
    }
    if (!isPaused) for (const line of unserved.lines(await readWorkers(redis, names.workers))) say(line);
    await systemClock.sleep(BEAT_MS, failure.signal);
  }
  await redis.hdel(names.workers, id);
  return isReplaced;
}

/** What is in flight is finished; what is not sent goes back into the queue, where other workers must not take it at once. */
async function pause(workers: FollowedRun['workers'], halt: Halt): Promise<void> {
  for (const worker of workers) if (worker.isRunning()) await worker.pause(true);
  halt.pause();
}

async function resume(workers: FollowedRun['workers'], halt: Halt): Promise<void> {
  halt.resume();
  for (const worker of workers) {
    if (worker.isRunning()) await worker.resume();
    else worker.run().catch((error) => worker.emit('error', error));
  }
}
