/** The least duration of a run at the configured rates of its models. */

import { sharedLimits } from '../limits/quota.ts';
import type { ModelConfig } from '../types.ts';

/** What is sent to one model. */
export interface Load {
  readonly requests: number;
  /** Expected tokens of prompts and completions. */
  readonly tokens: number;
}

/**
 * Minutes until the last request is sent at the model's requests and tokens per minute. Models that share a quota wait
 * for each other. null = no rate is configured. Concurrency gives no rate, because the latency is not known in advance.
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
