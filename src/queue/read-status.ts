/** How far the run in a queue is, for anybody who can read the queue. */

import { z } from 'zod';
import type { QueueConnection } from './connect.ts';
import { activeRunKey, endedRunKey, runNames, runOfQueue } from './names.ts';
import type { RunFigures } from './run-document.ts';
import { unservedReason } from './unserved.ts';
import { readWorkers, type WorkerInfo } from './worker-info.ts';

export interface QueueStatus {
  readonly runId: string;
  readonly state: string;
  /** null = the coordinator has not said it yet. */
  readonly figures: RunFigures | null;
  /** Those that are alive. */
  readonly workers: readonly WorkerInfo[];
  /** Models that no live worker asks, and why a worker does not; '' = none says. */
  readonly unserved: Readonly<Record<string, string>>;
  /** Why models are stopped, by their ids. */
  readonly stops: Readonly<Record<string, string>>;
  /** USD; `reserved` is for cells in flight, and what a worker that died had reserved. */
  readonly money: { readonly spentUsd: number; readonly reservedUsd: number };
}

/** Of the run in the queue, or of the one that ended last; null = there is none. */
export async function readStatus({ redis, prefix }: QueueConnection): Promise<QueueStatus | null> {
  const queueId = (await redis.get(activeRunKey(prefix))) ?? (await redis.get(endedRunKey(prefix)));
  if (queueId === null) return null;
  const names = runNames(prefix, queueId);
  const { state = 'starting', figures, document } = await redis.hgetall(names.run);
  const workers = await readWorkers(redis, names.workers);
  const stops = Object.entries(await redis.hgetall(names.stops));
  const { spent = '0', reserved = '0' } = await redis.hgetall(names.ledger);
  return {
    runId: runOfQueue(queueId),
    state,
    figures: figures === undefined ? null : JSON.parse(figures),
    workers,
    unserved: state === 'ended' ? {} : unservedOf(document, workers),
    stops: Object.fromEntries(stops.map(([id, text]) => [id, String(JSON.parse(text).reason)])),
    money: { spentUsd: Number(spent), reservedUsd: Number(reserved) },
  };
}

/** The document may be of another version: only the ids of its models are read. */
function unservedOf(document: string | undefined, workers: readonly WorkerInfo[]): QueueStatus['unserved'] {
  const parsed: unknown = document === undefined ? null : JSON.parse(document);
  const { data } = MODELS.safeParse(parsed);
  const ids = data?.runIdentity.models.map(({ id }) => id) ?? [];
  return Object.fromEntries(
    ids.flatMap((id) => {
      const reason = unservedReason(id, workers);
      return reason === undefined ? [] : [[id, reason]];
    }),
  );
}

const MODELS = z.looseObject({ runIdentity: z.looseObject({ models: z.array(z.looseObject({ id: z.string() })) }) });
