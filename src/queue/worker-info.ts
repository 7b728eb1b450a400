/** What each worker says of itself every second. */

import type { Redis } from 'ioredis';

export interface WorkerInfo {
  readonly id: string;
  /** Milliseconds since 1970, by the clock of the worker. */
  readonly startedAt: number;
  /** Ids of the models that it asks. */
  readonly models: readonly string[];
  /** Why it does not ask the others, by their ids. */
  readonly missing: Readonly<Record<string, string>>;
  /** Cells in hand. */
  readonly inFlight: number;
  /** Cells with a result. */
  readonly done: number;
}

/** A worker that has said nothing for so long is not alive. */
const ALIVE_MS = 10_000;

interface Said extends WorkerInfo {
  /** Milliseconds since 1970 by the clock of Redis. */
  readonly at: number;
}

export async function sayAlive(redis: Redis, key: string, info: WorkerInfo): Promise<void> {
  await redis.hset(key, info.id, JSON.stringify({ ...info, at: await redisNow(redis) } satisfies Said));
}

export async function readWorkers(redis: Redis, key: string): Promise<readonly WorkerInfo[]> {
  const now = await redisNow(redis);
  return Object.values(await redis.hgetall(key))
    .map((text) => JSON.parse(text) as Said)
    .filter(({ at }) => now - at < ALIVE_MS);
}

async function redisNow(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
