/** Who has the workers of a prefix: one run at a time, until it has ended or goes on in another queue. */

import type { Queue } from 'bullmq';
import { InputError } from '../errors.ts';
import type { Chunk } from './chunks.ts';
import type { QueueConnection } from './connect.ts';
import { activeRunKey, endedRunKey, type RunNames, runOfQueue } from './names.ts';
import { writeRunState } from './run-document.ts';

/** How long workers may finish what is in flight after a stop. */
export const GRACE_MS = 10_000;
/** What is known of a run that has ended is kept for so long: all workers see the end, and `status` shows it. */
const ENDED_TTL_S = 3600;

/** @throws {InputError} when the queue holds another run. */
export async function claimQueue({ redis, prefix, shown }: QueueConnection, names: RunNames): Promise<void> {
  const isNew = (await redis.set(activeRunKey(prefix), names.id, 'NX')) !== null;
  // What `status` shows of a run that has ended must not stop its models when it is resumed.
  if (isNew) await redis.del(names.ledger, names.stops, names.results);
  const active = await redis.get(activeRunKey(prefix));
  if (active !== null) requireOwnQueue(active, runOfQueue(names.id), shown);
}

/** @throws {InputError} when the queue holds another run. */
export function requireOwnQueue(active: string, runId: string | null, shown: string): void {
  if (runOfQueue(active) === runId) return;
  throw new InputError({
    message: `the queue at ${shown} holds the run ${runOfQueue(active)}, which has not ended`,
    hint: 'resume that run first, or give this one another queue.prefix',
  });
}

/** Whether no worker has cells in hand. */
export async function isIdle(queues: readonly Queue<Chunk>[]): Promise<boolean> {
  const active = await Promise.all(queues.map((queue) => queue.getActiveCount()));
  return active.every((count) => count === 0);
}

export async function endRun(
  { redis, prefix }: QueueConnection,
  names: RunNames,
  queues: readonly Queue<Chunk>[],
): Promise<void> {
  await writeRunState(redis, names.run, 'ended');
  await redis.set(endedRunKey(prefix), names.id, 'EX', ENDED_TTL_S);
  await redis.del(activeRunKey(prefix));
  await forgetQueue(redis, names, queues);
}

/** The run goes on in the queue `next`; workers leave this one. */
export async function replaceQueue(
  { redis, prefix }: QueueConnection,
  names: RunNames,
  queues: readonly Queue<Chunk>[],
  next: RunNames,
): Promise<void> {
  await redis.del(next.run, next.ledger, next.stops, next.results);
  await redis.set(activeRunKey(prefix), next.id);
  await writeRunState(redis, names.run, 'replaced');
  await forgetQueue(redis, names, queues);
}

async function forgetQueue(redis: QueueConnection['redis'], names: RunNames, queues: readonly Queue<Chunk>[]) {
  await Promise.all(queues.map((queue) => queue.obliterate({ force: true })));
  await redis.del(names.results);
  for (const key of [names.run, names.workers, names.ledger, names.stops]) await redis.expire(key, ENDED_TTL_S);
}
