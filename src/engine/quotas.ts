/** One quota for all models that draw on the same. */

import type { ModelConfig } from '../types.ts';
import type { Clock } from './clock.ts';
import { createQuota, type Quota } from './quota.ts';
import { DEFAULT_DEADLINE_MS } from './retry.ts';

/**
 * The quota of each model. Models of one `limitGroup` share theirs, and so do those that name the same deployment
 * (the variants of a model); the strictest limits that any of them names hold for all.
 */
export function createQuotas(
  models: readonly ModelConfig[],
  clock: Clock,
  random: () => number,
): (model: ModelConfig) => Quota {
  const quotas = new Map<string, Quota>();
  return (model) => {
    const group = groupOf(model);
    const known = quotas.get(group);
    if (known !== undefined) return known;
    const members = [model, ...models.filter((other) => groupOf(other) === group)].map(({ limits }) => limits);
    const quota = createQuota({
      requestsPerMinute: strictest(members.map((limits) => limits.requestsPerMinute)),
      tokensPerMinute: strictest(members.map((limits) => limits.tokensPerMinute)),
      patienceMs: Math.min(...members.map((limits) => limits.deadlineMs ?? DEFAULT_DEADLINE_MS)),
      clock,
      random,
    });
    quotas.set(group, quota);
    return quota;
  };
}

function groupOf({ limitGroup, provider, endpoint, model, deployment, auth }: ModelConfig): string {
  return JSON.stringify(limitGroup ?? [provider, endpoint, model, deployment, auth]);
}

function strictest(limits: readonly (number | undefined)[]): number | undefined {
  const named = limits.filter((limit) => limit !== undefined);
  return named.length === 0 ? undefined : Math.min(...named);
}
