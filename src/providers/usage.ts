/** Reads the tokens that each dialect reports into one shape; what was not reported, or is no count, is null. */

import { isRecord } from '../text/is-record.ts';
import type { Usage } from '../types.ts';
import { countOf, listOf, objectOf, type WireObject } from './http/wire-value.ts';

/** The vendor's own object is kept for the journal up to this many characters of JSON; real ones have some 500. */
const MAX_RAW_CHARACTERS = 8192;

/** Usage of the OpenAI dialect (Azure, vLLM, Ollama, OpenRouter, ...). null when the reply has none. */
export function chatUsage(raw: unknown): Usage | null {
  if (!isRecord(raw)) return null;
  const prompt = objectOf(raw['prompt_tokens_details']);
  const completion = objectOf(raw['completion_tokens_details']);
  // vLLM with --enable-prompt-tokens-details.
  const multimodal = objectOf(prompt['multimodal_tokens']);
  return usage(raw, {
    promptTokens: countOf(raw['prompt_tokens']),
    completionTokens: countOf(raw['completion_tokens']),
    totalTokens: raw['total_tokens'],
    cachedTokens: countOf(prompt['cached_tokens']),
    cacheWriteTokens: countOf(prompt['cache_write_tokens'] ?? prompt['created_cache_tokens']),
    reasoningTokens: countOf(completion['reasoning_tokens']),
    audioTokens: countOf(prompt['audio_tokens'] ?? multimodal['audio']),
    imageTokens: countOf(prompt['image_tokens'] ?? multimodal['image']),
    textTokens: countOf(prompt['text_tokens']),
  });
}

/** Usage of the Messages dialect: `input_tokens` leaves cached tokens out, ours has them in; there is no total. */
export function messagesUsage(raw: unknown): Usage | null {
  if (!isRecord(raw)) return null;
  const input = countOf(raw['input_tokens']);
  const cachedTokens = countOf(raw['cache_read_input_tokens']);
  const cacheWriteTokens = countOf(raw['cache_creation_input_tokens']);
  return usage(raw, {
    promptTokens: input === null ? null : input + (cachedTokens ?? 0) + (cacheWriteTokens ?? 0),
    completionTokens: countOf(raw['output_tokens']),
    totalTokens: undefined,
    cachedTokens,
    cacheWriteTokens,
    reasoningTokens: countOf(objectOf(raw['output_tokens_details'])['thinking_tokens']),
    audioTokens: null,
    imageTokens: null,
    textTokens: null,
  });
}

/** Usage of generateContent: thoughts stand beside the candidates' tokens, ours has them in; zero counts are left out on the wire. */
export function generateUsage(raw: unknown): Usage | null {
  if (!isRecord(raw)) return null;
  const prompt = countOf(raw['promptTokenCount']);
  const candidates = countOf(raw['candidatesTokenCount']);
  const thoughts = countOf(raw['thoughtsTokenCount']);
  return usage(raw, {
    promptTokens: prompt === null ? null : prompt + (countOf(raw['toolUsePromptTokenCount']) ?? 0),
    completionTokens: candidates === null && thoughts === null ? null : (candidates ?? 0) + (thoughts ?? 0),
    totalTokens: raw['totalTokenCount'],
    cachedTokens: countOf(raw['cachedContentTokenCount']),
    cacheWriteTokens: null,
    reasoningTokens: thoughts,
    audioTokens: modality(raw, 'AUDIO'),
    imageTokens: modality(raw, 'IMAGE'),
    textTokens: modality(raw, 'TEXT'),
  });
}

function modality(raw: WireObject, name: string): number | null {
  const entry = listOf(raw['promptTokensDetails']).find((item) => objectOf(item)['modality'] === name);
  return countOf(objectOf(entry)['tokenCount']);
}

/** Adds the total where it was left out and can be known, and the raw object where it is small. */
function usage(raw: WireObject, counts: Omit<Usage, 'totalTokens' | 'raw'> & { readonly totalTokens: unknown }): Usage {
  const { promptTokens, completionTokens } = counts;
  const derived = promptTokens === null || completionTokens === null ? null : promptTokens + completionTokens;
  const reported = counts.totalTokens ?? null;
  const totalTokens = reported === null ? derived : countOf(reported);
  return Object.assign({}, counts, isSmall(raw) ? { totalTokens, raw } : { totalTokens });
}

/** Every reply comes here: this counts as far as it must instead of rendering the object. */
function isSmall(raw: WireObject): boolean {
  return lengthAsJson(raw, MAX_RAW_CHARACTERS) <= MAX_RAW_CHARACTERS;
}

/** Characters of a value as JSON, without escapes; above `most` it stops counting, so depth is bounded, too. */
function lengthAsJson(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null) return String(value).length + 2;
  let length = 2;
  for (const [name, member] of Object.entries(value)) {
    length += name.length + 4;
    if (length > most) break;
    length += lengthAsJson(member, most - length);
  }
  return length;
}
