/** How long a run takes at least, by the rates that its models are allowed. */

import { sharedLimits } from '../limits/quota.ts';
import type { ModelConfig } from '../types.ts';

/** What one model is asked. */
export interface Load {
  readonly requests: number;
  /** Expected, prompt and completion. */
  readonly tokens: number;
}

/**
 * Minutes until the last request is admitted, at the model's requests and tokens a minute; models that share a quota
 * wait for each other. null = no rate is configured. Concurrency is no rate: how long an answer takes is not known.
 */
export function minutesAtLimits(
  model: ModelConfig,
  models: readonly ModelConfig[],
  loadOf: (model: ModelConfig) => Load,
): number | null {
  const { members, requestsPerMinute, tokensPerMinute } = sharedLimits(model, models);
  const loads = members.map(loadOf);
  const total = (part: keyof Load) => loads.reduce((sum, load) => sum + load[part], 0);
  const rates = [
    ...(requestsPerMinute === undefined ? [] : [total('requests') / requestsPerMinute]),
    ...(tokensPerMinute === undefined ? [] : [total('tokens') / tokensPerMinute]),
  ];
  return rates.length === 0 ? null : Math.max(...rates);
}
