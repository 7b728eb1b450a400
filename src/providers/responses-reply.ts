/** Reads answers of the Responses API, whole or streamed. */

import { ProviderError } from '../errors.ts';
import { isRecord } from '../text/is-record.ts';
import type { Usage } from '../types.ts';
import { completion, type Reading, requireOwnEnding, textOfThinker } from './completion.ts';
import { answerEnding, type Ending, endingOf } from './finish-reason.ts';
import { errorIn } from './http/error-member.ts';
import { failureInside, invalidReply, type ReplyFacts } from './http/failures.ts';
import type { Fold } from './http/stream.ts';
import { countOf, listOf, objectOf, textOf, type WireObject } from './http/wire-value.ts';
import { usageOf } from './usage.ts';

/** @throws {ProviderError} when the body holds no answer. */
export function readResponsesReply(body: unknown, facts: ReplyFacts) {
  if (!isRecord(body)) throw invalidReply('the reply is not a JSON object', facts);
  const usage = responsesUsage(body['usage']);
  const servedModel = textOf(body['model']);
  const error = errorIn(body['error'], Array.isArray(body['output']) && body['status'] !== 'failed');
  if (error !== null) throw withBilled(failureInside(error, facts), usage, servedModel);
  if (body['status'] === 'failed') throw withBilled(failureInside(body, facts), usage, servedModel);
  if (!Array.isArray(body['output'])) throw invalidReply('the reply has no output', facts);

  const refusal = textOf(contentTexts(body, 'refusal', 'refusal').join(''));
  const texts = contentTexts(body, 'output_text', 'text');
  const ending = endingOfResponse(body);
  const { finishReason, refused } = answerEnding(ending);
  const reading: Reading = {
    text: refusal ?? (texts.length === 0 ? textOfThinker(usage) : texts.join('')),
    finishReason,
    refused: refused || refusal !== null,
    usage,
    servedModel,
    replyId: textOf(body['id']),
    reasoning: textOf(thoughts(body)),
  };
  requireOwnEnding(ending, reading, facts);
  return completion(reading, facts);
}

/** A response that fails after tokens were made is billed for them. */
function withBilled(failure: ProviderError, usage: Usage | null, servedModel: string | null): ProviderError {
  const billed = { servedModel, ...(usage === null ? {} : { usage }) };
  return new ProviderError(failure.kind, failure.message, { ...failure.details, ...billed });
}

/** `status` says whether it ended, `incomplete_details` why it was cut. */
function endingOfResponse(body: WireObject): Ending {
  const status = textOf(body['status']) ?? '';
  if (status === 'incomplete') return endingOf(objectOf(body['incomplete_details'])['reason'] ?? status);
  // Answers in the background are not requested; a server that answers with one has no answer yet.
  if (status === 'in_progress' || status === 'queued') return { kind: 'broken', word: status };
  const isCall = items(body).some(({ type }) => typeof type === 'string' && type.endsWith('_call'));
  const isMessage = items(body).some(({ type }) => type === 'message');
  const ending = endingOf(status);
  return isCall && !isMessage && ending.kind === 'stop' ? { kind: 'tool_calls', word: status } : ending;
}

function items(body: WireObject): readonly WireObject[] {
  return listOf(body['output']).map(objectOf);
}

/** Texts of all messages, in order, as the vendor's own client joins them. */
function contentTexts(body: WireObject, type: string, member: string): readonly string[] {
  return items(body)
    .filter((item) => item['type'] === 'message')
    .flatMap((item) => listOf(item['content']).map(objectOf))
    .flatMap((part) => {
      const text = part[member];
      return part['type'] === type && typeof text === 'string' ? [text] : [];
    });
}

/** The thoughts of open models, else the summary that OpenAI gives when it is requested. */
function thoughts(body: WireObject): string {
  return items(body)
    .filter((item) => item['type'] === 'reasoning')
    .flatMap((item) => (listOf(item['content']).length > 0 ? listOf(item['content']) : listOf(item['summary'])))
    .map((part) => textOf(objectOf(part)['text']) ?? '')
    .join('');
}

/** Events whose `response` is the whole answer. */
const LAST = ['response.completed', 'response.incomplete', 'response.failed'];

/** Keeps the last event's response; a server whose last event has no output gets what the deltas said. */
export function responsesFold(): Fold {
  let head: WireObject = {};
  let isFinished = false;
  const texts = { text: '', refusal: '', thinking: '' };
  return {
    add: (event) => {
      const type = textOf(event['type']) ?? '';
      if (isRecord(event['response'])) head = event['response'];
      isFinished ||= LAST.includes(type);
      const delta = type.endsWith('.delta') ? (textOf(event['delta']) ?? '') : '';
      if (type.startsWith('response.output_text.')) texts.text += delta;
      else if (type.startsWith('response.refusal.')) texts.refusal += delta;
      else if (type.startsWith('response.reasoning')) texts.thinking += delta;
      else return false;
      return delta !== '';
    },
    text: () => texts.text,
    finished: () => isFinished,
    body: () => (listOf(head['output']).length > 0 ? head : { ...head, output: outputOf(texts) }),
  };
}

function outputOf({ text, refusal, thinking }: Readonly<Record<'text' | 'refusal' | 'thinking', string>>) {
  const content = [
    ...(text === '' ? [] : [{ type: 'output_text', text }]),
    ...(refusal === '' ? [] : [{ type: 'refusal', refusal }]),
  ];
  return [
    ...(thinking === '' ? [] : [{ type: 'reasoning', content: [{ type: 'reasoning_text', text: thinking }] }]),
    ...(content.length === 0 ? [] : [{ type: 'message', content }]),
  ];
}

/** Usage of the Responses API: the counts of chat completions under other names. */
export function responsesUsage(raw: unknown): Usage | null {
  if (!isRecord(raw)) return null;
  const input = objectOf(raw['input_tokens_details']);
  return usageOf(raw, {
    promptTokens: countOf(raw['input_tokens']),
    completionTokens: countOf(raw['output_tokens']),
    totalTokens: raw['total_tokens'],
    cachedTokens: countOf(input['cached_tokens']),
    cacheWriteTokens: countOf(input['cache_write_tokens']),
    reasoningTokens: countOf(objectOf(raw['output_tokens_details'])['reasoning_tokens']),
    audioTokens: countOf(input['audio_tokens']),
    imageTokens: countOf(input['image_tokens']),
    textTokens: countOf(input['text_tokens']),
  });
}
