/** Makes a completion of what a reply reader found. */

import type { Completion, FinishReason, Usage } from '../types.ts';
import type { Ending } from './finish-reason.ts';
import { brokenOff, filtered, invalidReply, type ReplyFacts, requestIdOf } from './http/failures.ts';
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

/** @throws {ProviderError} kind `invalid_response` when there is no answer. */
export function completion(reading: Reading, facts: ReplyFacts): Completion {
  const { finishReason, usage } = reading;
  if (isNothing(reading))
    throw invalidReply(
      `the reply has no content${nameOf(finishReason)}`,
      facts,
      present({ usage: usage ?? undefined }),
    );
  return answered(reading, facts);
}

/** Makes a completion of an answer that is one, also without any text. */
export function answered(reading: Reading, facts: ReplyFacts): Completion {
  const { text, finishReason, refused, usage, servedModel, replyId, reasoning, sound } = reading;
  const requestId = requestIdOf(facts.headers) ?? replyId;
  const rateLimit = rateLimitOf(facts.headers, facts.now);
  const answer = { text: text ?? '', finishReason, refused, usage, servedModel, requestId };
  return reasoning === null && rateLimit === undefined && sound === undefined
    ? answer
    : { ...answer, ...present({ reasoning: reasoning ?? undefined, sound, rateLimit }) };
}

/**
 * An answer without text is one if the model thought, made a tool call, refused or ran out of tokens. An empty text is an
 * answer as well, unless the endpoint reports that the model made no token.
 */
function isNothing({ text, finishReason, refused, usage, reasoning }: Reading): boolean {
  if (reasoning !== null || finishReason === 'tool_calls' || finishReason === 'length' || refused) return false;
  return text === null || (text === '' && usage?.completionTokens === 0);
}

/** The text of a reply without any: empty when the model spent tokens on thoughts that the endpoint does not show. */
export function textOfThinker(usage: Usage | null): string | null {
  return (usage?.reasoningTokens ?? 0) > 0 ? '' : null;
}

/** The vendor's word, e.g. Google's `LANGUAGE`; `stop` would explain nothing. */
function nameOf(finishReason: FinishReason): string {
  return finishReason === 'stop' || finishReason === 'unknown' ? '' : ` (${finishReason})`;
}

/** @throws {ProviderError} when a filter or the server ended the answer; it keeps what came, what was billed and who served it. */
export function requireOwnEnding(
  { kind, word }: Ending,
  { text, usage, servedModel }: Pick<Reading, 'text' | 'usage' | 'servedModel'>,
  facts: ReplyFacts,
): void {
  if (kind !== 'broken' && kind !== 'content_filter') return;
  const came = {
    ...(usage === null ? {} : { usage }),
    ...(text === null || text === '' ? {} : { partial: text }),
    servedModel,
  };
  if (kind === 'broken') throw brokenOff(`the server stopped before the answer was complete (${word})`, facts, came);
  const name = word.toLowerCase() === kind ? '' : ` (${word})`;
  throw filtered(`the answer was stopped by the content filter${name}`, facts, came);
}
