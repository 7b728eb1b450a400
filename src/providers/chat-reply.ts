/** Reads replies of chat completions as different servers send them, but never reads a failure as an answer. */

import { isRecord } from '../text/is-record.ts';
import type { Completion, Usage } from '../types.ts';
import { chatUsage } from './chat-usage.ts';
import { answerOf } from './choice.ts';
import { completion, type Reading, requireOwnEnding, textOfThinker } from './completion.ts';
import { answerEnding, endingOf } from './finish-reason.ts';
import { errorIn } from './http/error-member.ts';
import { failureInside, filtered, invalidReply, type ReplyFacts } from './http/failures.ts';
import { listOf, objectOf, textOf, type WireObject } from './http/wire-value.ts';
import { soundOf } from './spoken.ts';

/** `soundFormat` is the format in which a spoken answer was requested. @throws {ProviderError} when the body holds no answer. */
export function readChatReply(body: unknown, facts: ReplyFacts, soundFormat: string | null = null): Completion {
  if (!isRecord(body)) throw invalidReply('the reply is not a JSON object', facts);
  const usage = chatUsage(body['usage']);
  const hasChoice = listOf(body['choices']).length > 0;
  const choice = answerOf(body['choices']) ?? {};
  const error =
    errorIn(body['error'], hasChoice) ??
    errorIn(choice['error'], hasChoice) ??
    (body['object'] === 'error' ? body : null);
  if (error !== null) throw failureInside(error, facts);
  if (!hasChoice) throw withoutChoice(body, usage, facts);

  const message = objectOf(choice['message']);
  const audio = objectOf(message['audio']);
  const content = contentText(message['content']);
  const sound = soundOf(audio, soundFormat);
  const ending = endingOf(choice['finish_reason']);
  const refusal = textOf(message['refusal']) ?? textOf(refusalPart(message['content']));
  const { finishReason, refused } = answerEnding(ending);
  const reading: Reading = {
    text: textOf(content) ?? textOf(audio['transcript']) ?? content ?? textOfThinker(usage),
    finishReason,
    refused: refused || refusal !== null,
    usage: sound === null ? usage : withSpeech(usage),
    servedModel: textOf(body['model']),
    replyId: textOf(body['id']),
    reasoning: reasoningOf(message),
    ...(sound === null ? {} : { sound }),
  };
  requireOwnEnding(ending, reading, facts);
  return completion(refusal === null ? reading : { ...reading, text: refusal }, facts);
}

/** Sound never has the price of text: without its count, the answer has no price. */
function withSpeech(usage: Usage | null): Usage | null {
  return usage === null || usage.audioCompletionTokens !== undefined
    ? usage
    : { ...usage, audioCompletionTokens: null };
}

/** The string, or the texts of a list of parts; null when there is neither. */
export function contentText(content: unknown): string | null {
  if (typeof content === 'string') return content;
  const texts = listOf(content).flatMap((part) => {
    const { type, text } = objectOf(part);
    if (typeof part === 'string') return [part];
    return typeof text === 'string' && !isThought(type) ? [text] : [];
  });
  return texts.length === 0 ? null : texts.join('');
}

function isThought(type: unknown): boolean {
  return type === 'thinking' || type === 'reasoning';
}

/** vLLM, DeepSeek and others have a member for it, under two names; Mistral sends it as parts of the content. */
export function reasoningOf(message: WireObject): string | null {
  const parts = listOf(message['content'])
    .map(objectOf)
    .filter(({ type }) => isThought(type))
    .map((part) => partText(part['thinking'] ?? part['reasoning'] ?? part['text']));
  return textOf(message['reasoning_content']) ?? textOf(message['reasoning']) ?? textOf(parts.join(''));
}

function partText(value: unknown): string {
  if (typeof value === 'string') return value;
  return listOf(value)
    .map((part) => textOf(objectOf(part)['text']) ?? '')
    .join('');
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
