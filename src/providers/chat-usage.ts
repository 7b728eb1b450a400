/** Reads the usage of chat completions as OpenAI, Azure, vLLM, Ollama, OpenRouter, xAI, DeepSeek and others report it. */

import { isRecord } from '../text/is-record.ts';
import type { Usage } from '../types.ts';
import { countOf, objectOf, type WireObject } from './http/wire-value.ts';
import { usageOf } from './usage.ts';

/** null when the reply has no usage. */
export function chatUsage(raw: unknown): Usage | null {
  if (!isRecord(raw)) return null;
  const prompt = objectOf(raw['prompt_tokens_details']);
  const completion = objectOf(raw['completion_tokens_details']);
  // vLLM with --enable-prompt-tokens-details.
  const multimodal = objectOf(prompt['multimodal_tokens']);
  const promptTokens = countOf(raw['prompt_tokens']);
  const reasoningTokens = countOf(completion['reasoning_tokens'] ?? raw['reasoning_tokens']);
  const audio = countOf(completion['audio_tokens']);
  return usageOf(raw, {
    promptTokens,
    completionTokens: withReasoning(raw, promptTokens, reasoningTokens),
    totalTokens: raw['total_tokens'],
    cachedTokens: most([
      prompt['cached_tokens'],
      // DeepSeek and Volcengine; Moonshot; Mistral; gateways to Anthropic.
      raw['prompt_cache_hit_tokens'],
      raw['cached_tokens'],
      raw['num_cached_tokens'],
      raw['cache_read_input_tokens'],
    ]),
    cacheWriteTokens: most([
      prompt['cache_write_tokens'],
      prompt['created_cache_tokens'],
      prompt['cache_creation_input_tokens'],
      raw['cache_creation_input_tokens'],
    ]),
    reasoningTokens,
    audioTokens: countOf(prompt['audio_tokens'] ?? multimodal['audio']),
    imageTokens: countOf(prompt['image_tokens'] ?? multimodal['image']),
    textTokens: countOf(prompt['text_tokens']),
    ...(audio === null || audio === 0 ? {} : { audioCompletionTokens: audio }),
  });
}

/**
 * OpenAI's completion tokens include reasoning. Those of xAI, and of Gemini behind this protocol, leave it out: the total is
 * then the sum of all three, or there is more reasoning than completion.
 */
function withReasoning(raw: WireObject, prompt: number | null, reasoning: number | null): number | null {
  const completion = countOf(raw['completion_tokens']);
  if (completion === null || reasoning === null) return completion;
  const isApart = prompt !== null && countOf(raw['total_tokens']) === prompt + completion + reasoning;
  return isApart || reasoning > completion ? completion + reasoning : completion;
}

/** The highest count: servers fill members that they do not use with 0. */
function most(values: readonly unknown[]): number | null {
  const counts = values.map(countOf).filter((count) => count !== null);
  return counts.length === 0 ? null : Math.max(...counts);
}
