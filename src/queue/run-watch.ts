/** The coordinator's second: it shows how far the run is, and looks after workers and models. */

import type { LimitChange } from '../limits/gate.ts';
import { FAILURE_KINDS } from '../result.ts';
import type { RunContext, RunPlan } from '../run/open-cells.ts';
import { isRecord } from '../text/is-record.ts';
import type { QueueConnection } from './connect.ts';
import type { RunNames } from './names.ts';
import type { RunFigures } from './run-document.ts';
import { createUnservedWatch } from './unserved.ts';
import { readWorkers } from './worker-info.ts';

export interface WatchOptions {
  readonly connection: QueueConnection;
  readonly names: RunNames;
  readonly say: (line: string) => void;
  readonly figures: () => RunFigures;
}

const LOOK_MS = 1000;

export function reportRun({ models }: RunPlan, context: RunContext, { connection, names, say, figures }: WatchOptions) {
  const { redis, shown } = connection;
  const { clock } = context;
  const stopped = new Set<string>();
  const ids = models.map(({ config }) => config.id);
  const unserved = createUnservedWatch(ids, shown, clock.now);
  let isOpen = true;

  const lookAtStops = async () => {
    for (const [modelId, text] of Object.entries(await redis.hgetall(names.stops))) {
      if (stopped.has(modelId)) continue;
      stopped.add(modelId);
      const change = stopOf(text);
      if (change !== null) context.onLimit?.(modelId, change);
    }
  };
  const sayFigures = () => redis.hset(names.run, 'figures', JSON.stringify(figures()));
  const look = async () => {
    while (isOpen) {
      await sayFigures();
      await lookAtStops();
      for (const line of unserved.lines(await readWorkers(redis, names.workers))) say(line);
      await clock.sleep(LOOK_MS, closed.signal);
    }
    await sayFigures();
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

function stopOf(text: string): LimitChange | null {
  const stop: unknown = JSON.parse(text);
  const kind = isRecord(stop) ? FAILURE_KINDS.find((one) => one === stop['kind']) : undefined;
  return kind === undefined || !isRecord(stop) ? null : { type: 'stop', kind, reason: String(stop['reason']) };
}
