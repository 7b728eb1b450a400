/** The coordinator's second: it shows how far the run is, and looks after workers and models. */

import type { LimitChange } from '../limits/gate.ts';
import { FAILURE_KINDS } from '../result.ts';
import type { RunContext, RunPlan } from '../run/open-cells.ts';
import { isRecord } from '../text/is-record.ts';
import type { QueueConnection } from './connect.ts';
import type { RunNames } from './names.ts';
import type { RunFigures } from './run-document.ts';
import { readWorkers, type WorkerInfo } from './worker-info.ts';

export interface WatchOptions {
  readonly connection: QueueConnection;
  readonly names: RunNames;
  readonly say: (line: string) => void;
  readonly figures: () => RunFigures;
}

const LOOK_MS = 1000;
/** Nobody works for so long before it is said, and said again. */
const ALONE_MS = 30_000;

export function reportRun({ models }: RunPlan, context: RunContext, { connection, names, say, figures }: WatchOptions) {
  const { redis, shown } = connection;
  const { clock } = context;
  const stopped = new Set<string>();
  const served = new Map(models.map(({ config }) => [config.id, clock.now() - ALONE_MS + LOOK_MS * 3]));
  let isOpen = true;

  const lookAtStops = async () => {
    for (const [modelId, text] of Object.entries(await redis.hgetall(names.stops))) {
      if (stopped.has(modelId)) continue;
      stopped.add(modelId);
      const change = stopOf(text);
      if (change !== null) context.onLimit?.(modelId, change);
    }
  };
  const lookAtWorkers = async () => {
    const workers = await readWorkers(redis, names.workers);
    const now = clock.now();
    for (const [modelId, since] of served) {
      if (workers.some((worker) => worker.models.includes(modelId))) served.set(modelId, now);
      else if (now - since > ALONE_MS) {
        served.set(modelId, now);
        say(unserved(modelId, workers, shown));
      }
    }
  };
  const look = async () => {
    while (isOpen) {
      await redis.hset(names.run, 'figures', JSON.stringify(figures()));
      await lookAtStops();
      await lookAtWorkers();
      await clock.sleep(LOOK_MS, closed.signal);
    }
    await lookAtStops();
  };
  const closed = new AbortController();
  const ended = look();
  ended.catch(() => {});
  return {
    async close() {
      isOpen = false;
      closed.abort();
      await ended;
    },
  };
}

function unserved(modelId: string, workers: readonly WorkerInfo[], shown: string): string {
  if (workers.length === 0) return `no worker is alive · start some with earsight worker --queue URL (${shown})`;
  const [reason] = workers.flatMap(({ missing }) => missing[modelId] ?? []);
  return `no worker asks ${modelId}${reason === undefined ? '' : `: ${reason}`} · start one that has what it needs`;
}

function stopOf(text: string): LimitChange | null {
  const stop: unknown = JSON.parse(text);
  const kind = isRecord(stop) ? FAILURE_KINDS.find((one) => one === stop['kind']) : undefined;
  return kind === undefined || !isRecord(stop) ? null : { type: 'stop', kind, reason: String(stop['reason']) };
}
