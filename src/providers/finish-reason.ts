/** Reads the word by which an endpoint says why the model stopped, in any vendor's spelling. */

import { isRecord } from '../text/is-record.ts';
import type { Completion, KnownFinishReason } from '../types.ts';
import { tidy } from './http/failure-body.ts';

/** Real ones have up to 30 characters. */
const MAX_CHARACTERS = 80;

/** Why a model stopped. */
export interface Ending {
  /** `refusal` = the model declined; `broken` = the server ended the answer, not the model; `other` = in none of our words. */
  readonly kind: KnownFinishReason | 'refusal' | 'broken' | 'other';
  /** As the vendor wrote it, in one line; '' when it named none. */
  readonly word: string;
}

/** Reads a finish reason. Old vision deployments send an object, `{type: "stop", stop: "..."}`. */
export function endingOf(value: unknown): Ending {
  const name = isRecord(value) ? value['type'] : value;
  const word = typeof name === 'string' ? tidy(name.slice(0, MAX_CHARACTERS)) : '';
  const plain = word
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/^finish_reason_/, '');
  return { kind: KINDS.get(plain) ?? 'other', word };
}

/** What an ending says about an answer. */
export function answerEnding({ kind, word }: Ending): Pick<Completion, 'finishReason' | 'refused'> {
  const isOurs = kind !== 'other' && kind !== 'broken' && kind !== 'refusal';
  return { finishReason: isOurs ? kind : kind === 'refusal' ? 'stop' : word, refused: kind === 'refusal' };
}

/** Words of OpenAI, Azure, Anthropic, Google, Mistral, Cohere, Bedrock, DeepSeek, OpenRouter, vLLM, TGI, watsonx, Zhipu, Qwen. */
const WORDS: Readonly<Record<Exclude<Ending['kind'], 'other'>, string>> = {
  stop: 'stop end_turn stop_sequence eos eos_token complete completed',
  length:
    'length max_tokens max_output_tokens max_completion_tokens max_length model_length token_limit ' +
    'model_context_window_exceeded context_length_exceeded',
  content_filter:
    'content_filter content_filtered safety recitation blocklist prohibited_content spii image_safety ' +
    'image_prohibited_content image_recitation model_armor guardrail_intervened error_toxic sensitive',
  tool_calls: 'tool_calls tool_call tool_use function_call',
  refusal: 'refusal',
  broken: 'error abort aborted cancelled network_error insufficient_system_resource',
  // Qwen's servers send the text `null` until they know.
  unknown: ' null unspecified',
};

const KINDS: ReadonlyMap<string, Ending['kind']> = new Map(
  Object.entries(WORDS).flatMap(([kind, words]) =>
    words.split(' ').map((word) => [word, kind as Ending['kind']] as const),
  ),
);
