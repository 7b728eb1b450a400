/** Makes a completion of what a reply reader found. */

import type { Completion } from '../types.ts';
import { invalidReply, type ReplyFacts, requestIdOf } from './http/failures.ts';
import { rateLimitOf } from './http/rate-limit.ts';
import { present } from './http/wire-value.ts';

/** An answer as a protocol's reader found it. */
export type Reading = Omit<Completion, 'text' | 'requestId' | 'rateLimit' | 'reasoning'> & {
  /** null = the reply has no text. */
  readonly text: string | null;
  /** The id in the body, for replies without an id in a header. */
  readonly replyId: string | null;
  readonly reasoning: string | null;
};

/**
 * An answer may have no text only if the model made a tool call, refused, or spent all its tokens on reasoning.
 * @throws {ProviderError} kind `invalid_response` otherwise.
 */
export function completion(reading: Reading, facts: ReplyFacts): Completion {
  const { text, finishReason, refused, usage, servedModel, replyId, reasoning } = reading;
  const excused = finishReason === 'tool_calls' || finishReason === 'length' || refused;
  if (text === null && !excused)
    throw invalidReply('the reply has no content', facts, present({ usage: usage ?? undefined }));
  const requestId = requestIdOf(facts.headers) ?? replyId;
  const rateLimit = rateLimitOf(facts.headers, facts.now);
  const answer = { text: text ?? '', finishReason, refused, usage, servedModel, requestId };
  return reasoning === null && rateLimit === undefined
    ? answer
    : { ...answer, ...present({ reasoning: reasoning ?? undefined, rateLimit }) };
}
