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
    const { group, members, requestsPerMinute, tokensPerMinute } = sharedLimits(model, models);
    const known = quotas.get(group);
    if (known !== undefined) return known;
    // A model that cannot wait so long stops itself; the others wait.
    const patienceMs = Math.max(...members.map(({ limits }) => limits.deadlineMs ?? DEFAULT_DEADLINE_MS));
    const quota = createQuota({ requestsPerMinute, tokensPerMinute, patienceMs, clock, random });
    quotas.set(group, quota);
    return quota;
  };
}

/** Rates that several models keep together; undefined = not limited by us. */
export interface SharedLimits {
  readonly group: string;
  /** The model itself among them. */
  readonly members: readonly ModelConfig[];
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
}

/** What the quota of a model is, and who draws on it. */
export function sharedLimits(model: ModelConfig, models: readonly ModelConfig[]): SharedLimits {
  const group = groupOf(model);
  const members = [model, ...models.filter((other) => other !== model && groupOf(other) === group)];
  return {
    group,
    members,
    requestsPerMinute: strictest(members.map(({ limits }) => limits.requestsPerMinute)),
    tokensPerMinute: strictest(members.map(({ limits }) => limits.tokensPerMinute)),
  };
}

function groupOf({ limitGroup, provider, endpoint, model, deployment, auth }: ModelConfig): string {
  return JSON.stringify(limitGroup ?? [provider, endpoint, model, deployment, auth]);
}

function strictest(limits: readonly (number | undefined)[]): number | undefined {
  const named = limits.filter((limit) => limit !== undefined);
  return named.length === 0 ? undefined : Math.min(...named);
}
