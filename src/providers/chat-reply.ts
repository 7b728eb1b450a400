/** Reads replies of chat completions as different servers send them, but never reads a failure as an answer. */

import { isRecord } from '../text/is-record.ts';
import type { Completion, FinishReason, Usage } from '../types.ts';
import { completion, type Reading } from './completion.ts';
import { brokenOff, failureInside, filtered, invalidReply, type ReplyFacts } from './http/failures.ts';
import { countOf, listOf, objectOf, textOf, type WireObject } from './http/wire-value.ts';
import { usageOf } from './usage.ts';

/** @throws {ProviderError} when the body holds no answer. */
export function readChatReply(body: unknown, facts: ReplyFacts): Completion {
  if (!isRecord(body)) throw invalidReply('the reply is not a JSON object', facts);
  const usage = chatUsage(body['usage']);
  const choice = objectOf(listOf(body['choices'])[0]);
  const error = body['error'] ?? choice['error'] ?? (body['object'] === 'error' ? body : null);
  if (error !== null) throw failureInside(error, facts);
  if (listOf(body['choices']).length === 0) throw withoutChoice(body, usage, facts);

  const message = objectOf(choice['message']);
  const refusal = textOf(message['refusal']) ?? textOf(refusalPart(message['content']));
  const content = contentText(message['content']);
  const finishReason = finishReasonOf(choice['finish_reason']);
  const isBroken = BROKEN_OFF.has(choice['finish_reason']);
  if (finishReason === 'content_filter' || isBroken) {
    const came = {
      ...(usage === null ? {} : { usage }),
      ...(content === null || content === '' ? {} : { partial: content }),
      servedModel: textOf(body['model']),
    };
    throw isBroken
      ? brokenOff(`the server stopped before the answer was complete (${choice['finish_reason']})`, facts, came)
      : filtered('the answer was stopped by the content filter', facts, came);
  }
  const reading: Reading = {
    text: refusal ?? content,
    finishReason,
    refused: refusal !== null,
    usage,
    servedModel: textOf(body['model']),
    replyId: textOf(body['id']),
    reasoning: textOf(message['reasoning_content']) ?? textOf(message['reasoning']),
  };
  return completion(reading, facts);
}

const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['end_turn', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['content_filter', 'content_filter'],
  ['tool_calls', 'tool_calls'],
  ['function_call', 'tool_calls'],
]);

/** Finish reasons of OpenRouter, vLLM and DeepSeek for answers that the server ended, not the model. */
const BROKEN_OFF: ReadonlySet<unknown> = new Set(['error', 'abort', 'insufficient_system_resource']);

/** Old vision deployments send an object, `{type: "stop", stop: "..."}`. */
function finishReasonOf(value: unknown): FinishReason {
  const name = isRecord(value) ? value['type'] : value;
  return (typeof name === 'string' ? FINISH_REASONS.get(name) : undefined) ?? 'unknown';
}

/** The string, or the texts of a list of parts; null when there is neither. */
function contentText(content: unknown): string | null {
  if (typeof content === 'string') return content;
  const texts = listOf(content).flatMap((part) => {
    const text = objectOf(part)['text'];
    return typeof part === 'string' ? [part] : typeof text === 'string' ? [text] : [];
  });
  return texts.length === 0 ? null : texts.join('');
}

function refusalPart(content: unknown): unknown {
  return listOf(content)
    .map(objectOf)
    .find((part) => part['type'] === 'refusal')?.['refusal'];
}

/** Azure answers a filtered prompt without choices and gives the reason in `prompt_filter_results`. */
function withoutChoice(body: WireObject, usage: Usage | null, facts: ReplyFacts) {
  const blocked = listOf(body['prompt_filter_results']).some((result) =>
    Object.values(objectOf(objectOf(result)['content_filter_results'])).some(
      (category) => objectOf(category)['filtered'] === true,
    ),
  );
  const more = usage === null ? {} : { usage };
  return blocked
    ? filtered('the prompt was stopped by the content filter', facts, more)
    : invalidReply('the reply has no choices', facts, more);
}

/** Usage of chat completions (OpenAI, Azure, vLLM, Ollama, OpenRouter, ...); null when the reply has none. */
export function chatUsage(raw: unknown): Usage | null {
  if (!isRecord(raw)) return null;
  const prompt = objectOf(raw['prompt_tokens_details']);
  const completion = objectOf(raw['completion_tokens_details']);
  // vLLM with --enable-prompt-tokens-details.
  const multimodal = objectOf(prompt['multimodal_tokens']);
  return usageOf(raw, {
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
