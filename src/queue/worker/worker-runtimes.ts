/** The models of a worker: their gates keep the quota of all workers, and tell the others when a model is stopped. */

import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { ProviderError } from '../../errors.ts';
import type { Clock } from '../../limits/clock.ts';
import { sharedLimits } from '../../limits/quota.ts';
import { FAILURE_KINDS } from '../../result.ts';
import type { ModelRuntime } from '../../run/cell-context.ts';
import { isRecord } from '../../text/is-record.ts';
import type { RunNames } from '../names.ts';
import { createSharedQuota, type SharedQuota, withSharedQuota } from '../shared-quota.ts';

export function withSharedLimits(
  runtimes: readonly ModelRuntime[],
  redis: Redis,
  names: RunNames,
  clock: Clock,
): readonly ModelRuntime[] {
  const quotas = new Map<string, SharedQuota>();
  const models = runtimes.map(({ config }) => config);
  return runtimes.map((runtime) => {
    const { group, requestsPerMinute, tokensPerMinute } = sharedLimits(runtime.config, models);
    // The name of a group holds the endpoint, which is nobody's business in Redis.
    const key = names.quota(hash('sha256', group).slice(0, 16));
    const quota = quotas.get(key) ?? createSharedQuota({ redis, key, requestsPerMinute, tokensPerMinute, clock });
    quotas.set(key, quota);
    const gate = withSharedQuota(runtime.gate, quota);
    gate.watch((change) => {
      if (change.type !== 'stop') return;
      void redis.hset(names.stops, runtime.config.id, JSON.stringify({ kind: change.kind, reason: change.reason }));
    });
    return { ...runtime, gate };
  });
}

/** Stops the models that another worker has stopped. */
export async function takeOverStops(
  runtimes: readonly ModelRuntime[],
  redis: Redis,
  { stops }: RunNames,
): Promise<void> {
  const all = await redis.hgetall(stops);
  for (const { config, gate } of runtimes) {
    const text = all[config.id];
    const stop: unknown = text === undefined || gate.stopped() !== null ? null : JSON.parse(text);
    const kind = isRecord(stop) ? FAILURE_KINDS.find((one) => one === stop['kind']) : undefined;
    if (kind !== undefined && isRecord(stop))
      gate.stop(new ProviderError(kind, String(stop['reason']), { retryable: false }));
  }
}
