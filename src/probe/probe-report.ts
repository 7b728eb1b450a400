/** What a probe found out about one model, and what is read off its calls. */

import type { Auth, ModelConfig, RateLimit } from '../types.ts';
import { answerOf, failureOf, type ProbeCall } from './probe-calls.ts';
import type { Findings } from './probe-model.ts';
import type { TokenFindings } from './probe-tokens.ts';

export interface ProbeReport {
  readonly model: ModelConfig;
  /** That was called, without secrets. */
  readonly url: string;
  readonly auth: Auth;
  /** In the order of asking. */
  readonly calls: readonly ProbeCall[];
  readonly found: ({ readonly about: 'content' } & Findings) | ({ readonly about: 'image tokens' } & TokenFindings);
  /** Members for the model in the configuration. */
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

/** The counts that at least one answer came with. */
export function usageFields(calls: readonly ProbeCall[]): readonly (readonly [field: string, name: string])[] {
  const seen = calls.flatMap((call) => answerOf(call)?.usage ?? []);
  return USAGE_FIELDS.filter(([field]) => seen.some((usage) => usage[field] !== null));
}

/** The name that the endpoint answers with; null when it gave none. */
export function servedModel(calls: readonly ProbeCall[]): string | null {
  return calls.map((call) => answerOf(call)?.servedModel ?? null).find((name) => name !== null) ?? null;
}

/** Of the last reply that had any: the nearest to now. */
export function rateLimitOf(calls: readonly ProbeCall[]): RateLimit | null {
  const seen = calls.flatMap((call) => answerOf(call)?.rateLimit ?? failureOf(call)?.details.rateLimit ?? []);
  return seen.at(-1) ?? null;
}

/** What to do about a failure; null when nobody knows, or nothing failed. */
export function hintOf(call: ProbeCall): string | null {
  const failure = failureOf(call);
  // The length limit is the probe's own here, so there is nothing to take out of the configuration.
  if (failure !== null && /max_completion_tokens/.test(failure.message)) return 'set reasoning: true for this model';
  return failure?.details.hint ?? null;
}
