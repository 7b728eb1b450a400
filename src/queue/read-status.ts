/** How far the run in a queue is, for anybody who can read the queue. */

import type { QueueConnection } from './connect.ts';
import { activeRunKey, runNames } from './names.ts';
import type { RunFigures } from './run-document.ts';
import { readWorkers, type WorkerInfo } from './worker-info.ts';

export interface QueueStatus {
  readonly runId: string;
  readonly state: string;
  /** null = the coordinator has not said it yet. */
  readonly figures: RunFigures | null;
  /** Those that are alive. */
  readonly workers: readonly WorkerInfo[];
  /** Why models are stopped, by their ids. */
  readonly stops: Readonly<Record<string, string>>;
  /** USD; `reserved` is for cells in flight, and what a worker that died had reserved. */
  readonly money: { readonly spentUsd: number; readonly reservedUsd: number };
}

/** null = no run is in the queue. */
export async function readStatus({ redis, prefix }: QueueConnection): Promise<QueueStatus | null> {
  const runId = await redis.get(activeRunKey(prefix));
  if (runId === null) return null;
  const names = runNames(prefix, runId);
  const { state = 'starting', figures } = await redis.hgetall(names.run);
  const stops = Object.entries(await redis.hgetall(names.stops));
  const { spent = '0', reserved = '0' } = await redis.hgetall(names.ledger);
  return {
    runId,
    state,
    figures: figures === undefined ? null : JSON.parse(figures),
    workers: await readWorkers(redis, names.workers),
    stops: Object.fromEntries(stops.map(([id, text]) => [id, String(JSON.parse(text).reason)])),
    money: { spentUsd: Number(spent), reservedUsd: Number(reserved) },
  };
}
