/** Reads answers of the Messages protocol, whole or streamed. */

import { isRecord } from '../text/is-record.ts';
import type { Completion, Usage } from '../types.ts';
import { completion, requireOwnEnding } from './completion.ts';
import { answerEnding, endingOf } from './finish-reason.ts';
import { errorIn } from './http/error-member.ts';
import { failureInside, invalidReply, type ReplyFacts } from './http/failures.ts';
import type { Fold } from './http/stream.ts';
import { countOf, listOf, objectOf, textOf, type WireObject } from './http/wire-value.ts';
import { usageOf } from './usage.ts';

/** A list without text is an empty answer: the model ended its turn. @throws {ProviderError} when there is no list. */
export function readMessagesReply(body: unknown, facts: ReplyFacts): Completion {
  if (!isRecord(body)) throw invalidReply('the reply is not a JSON object', facts);
  const blocks = body['content'];
  const error = errorIn(body['error'], Array.isArray(blocks));
  if (error !== null) throw failureInside(error, facts);
  const ending = endingOf(body['stop_reason']);
  const reading = {
    text: Array.isArray(blocks) ? joined(blocks, 'text', 'text') : null,
    ...answerEnding(ending),
    usage: messagesUsage(body['usage']),
    servedModel: textOf(body['model']),
    replyId: textOf(body['id']),
    reasoning: textOf(joined(listOf(blocks), 'thinking', 'thinking')),
  };
  requireOwnEnding(ending, reading, facts);
  return completion(reading, facts);
}

function joined(blocks: readonly unknown[], type: string, member: string): string {
  return blocks
    .map(objectOf)
    .filter((block) => block['type'] === type)
    .map((block) => textOf(block[member]) ?? '')
    .join('');
}

/** The last event sends null for counts that have not changed since the first one. */
function withoutNulls(counts: WireObject): WireObject {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== null));
}

/** Folds `message_start`, the deltas of its blocks, `message_delta` and `message_stop` into a whole message. */
export function messagesFold(): Fold {
  let head: Readonly<Record<string, unknown>> = {};
  // Without a prototype, so that a member named `__proto__` is an ordinary one.
  const usage: Record<string, unknown> = Object.create(null);
  let stopReason: unknown = null;
  let text = '';
  let thinking = '';
  let started = false;
  let stopped = false;
  return {
    add: (event) => {
      switch (event['type']) {
        case 'message_start':
          head = objectOf(event['message']);
          Object.assign(usage, objectOf(head['usage']));
          started = true;
          return false;
        case 'content_block_start':
        case 'content_block_delta': {
          const piece = objectOf(event['delta'] ?? event['content_block']);
          const [words, thoughts] = [textOf(piece['text']) ?? '', textOf(piece['thinking']) ?? ''];
          text += words;
          thinking += thoughts;
          return words !== '' || thoughts !== '';
        }
        case 'message_delta':
          stopReason = objectOf(event['delta'])['stop_reason'] ?? stopReason;
          Object.assign(usage, withoutNulls(objectOf(event['usage'])));
          return false;
        case 'message_stop':
          stopped = true;
          return false;
        default:
          return false;
      }
    },
    text: () => text,
    finished: () => stopped,
    body: () => ({
      ...head,
      stop_reason: stopReason,
      ...(Object.keys(usage).length > 0 ? { usage } : {}),
      ...(started
        ? {
            content: [
              { type: 'thinking', thinking },
              { type: 'text', text },
            ],
          }
        : {}),
    }),
  };
}

/** Usage of the Messages protocol. Its `input_tokens` leave cached tokens out, we include them; it has no total. */
export function messagesUsage(raw: unknown): Usage | null {
  if (!isRecord(raw)) return null;
  const input = countOf(raw['input_tokens']);
  const cachedTokens = countOf(raw['cache_read_input_tokens']);
  const cacheWriteTokens = countOf(raw['cache_creation_input_tokens']);
  return usageOf(raw, {
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
