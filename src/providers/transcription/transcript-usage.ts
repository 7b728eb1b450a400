/** Reads the usage of a transcription: as tokens, as a duration, as both or as neither. */

import { NO_USAGE, type Usage } from '../../types.ts';
import { countOf, objectOf, type WireObject } from '../http/wire-value.ts';
import { usageOf } from '../usage.ts';

/** Longer than any limit for a clip. */
const MAX_SECONDS = 1e6;

/**
 * OpenAI's `{type: tokens}` and `{type: duration}`, and Mistral's names, which hold both. `seconds` is what the rest of the
 * body says of the clip's length; a duration in the usage wins, because it is what is billed.
 */
export function transcriptUsage(raw: unknown, seconds: number | null): Usage {
  const usage = objectOf(raw);
  const input = objectOf(usage['input_token_details'] ?? usage['prompt_tokens_details']);
  const audioSeconds =
    secondsOf(usage['seconds']) ?? secondsOf(usage['prompt_audio_seconds']) ?? secondsOf(usage['duration']) ?? seconds;
  const promptTokens = countOf(usage['input_tokens'] ?? usage['prompt_tokens']);
  const completionTokens = countOf(usage['output_tokens'] ?? usage['completion_tokens']);
  const counts = {
    ...NO_USAGE,
    promptTokens,
    completionTokens,
    totalTokens: usage['total_tokens'],
    cachedTokens: countOf(input['cached_tokens']),
    audioTokens: countOf(input['audio_tokens']),
    textTokens: countOf(input['text_tokens']),
    audioSeconds,
  };
  return isEmpty(usage) ? { ...NO_USAGE, audioSeconds } : usageOf(usage, counts);
}

function isEmpty(usage: WireObject): boolean {
  return Object.keys(usage).length === 0;
}

/** Whisper servers send the duration as a number or as text; null for anything that is no length. */
export function secondsOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && seconds >= 0 && seconds <= MAX_SECONDS ? seconds : null;
}
