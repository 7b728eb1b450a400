/** The findings of a probe about one model, and the facts that are read from its calls. */

import type { ModelListing } from '../providers/provider.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { Auth, ModelConfig } from '../types.ts';
import { answerOf, failureOf, type ProbeCall } from './probe-calls.ts';
import type { Findings } from './probe-model.ts';
import type { TokenFindings } from './probe-tokens.ts';

export interface ProbeReport {
  readonly model: ModelConfig;
  /** The URL that was called, without secrets. */
  readonly url: string;
  readonly auth: Auth;
  /** The model in the endpoint's own list; null = it is not in it, undefined = there is no list that can be read. */
  readonly listing: ModelListing | null | undefined;
  /** In the order of sending. */
  readonly calls: readonly ProbeCall[];
  readonly found: ({ readonly about: 'content' } & Findings) | ({ readonly about: 'image tokens' } & TokenFindings);
  /** Members to add to the model in the configuration. */
  readonly settings: Readonly<Partial<ModelConfig>>;
}

/** Members of `Usage` and their names for people. */
const USAGE_FIELDS = [
  ['promptTokens', 'prompt'],
  ['completionTokens', 'completion'],
  ['totalTokens', 'total'],
  ['cachedTokens', 'cached'],
  ['cacheWriteTokens', 'cache write'],
  ['reasoningTokens', 'reasoning'],
  ['textTokens', 'text'],
  ['imageTokens', 'image'],
  ['audioTokens', 'audio'],
] as const;

/** The token counts that at least one answer reported. */
export function usageFields(calls: readonly ProbeCall[]): readonly (readonly [field: string, name: string])[] {
  const seen = calls.flatMap((call) => answerOf(call)?.usage ?? []);
  return USAGE_FIELDS.filter(([field]) => seen.some((usage) => usage[field] !== null));
}

/** The model name that the endpoint answered with; null when it gave none. */
export function servedModel(calls: readonly ProbeCall[]): string | null {
  return calls.map((call) => answerOf(call)?.servedModel ?? null).find((name) => name !== null) ?? null;
}

/** The rate limit in the latest response that reported one; null when none did. */
export function rateLimitOf(calls: readonly ProbeCall[]): RateLimit | null {
  const seen = calls.flatMap((call) => answerOf(call)?.rateLimit ?? failureOf(call)?.details.rateLimit ?? []);
  return seen.at(-1) ?? null;
}

/** What to do about a failure; null when there is no advice or no failure. */
export function hintOf(call: ProbeCall): string | null {
  const failure = failureOf(call);
  // The probe sets the length limit itself, so the usual hint to change it in the configuration does not help.
  if (failure !== null && /max_completion_tokens/.test(failure.message)) return 'set reasoning: true for this model';
  return failure?.details.hint ?? null;
}
