/** Reads the reply of `/audio/transcriptions` in each of its JSON forms. */

import { isRecord } from '../../text/is-record.ts';
import type { Completion } from '../../types.ts';
import { answered } from '../completion.ts';
import { errorIn } from '../http/error-member.ts';
import { failureInside, invalidReply, type ReplyFacts } from '../http/failures.ts';
import { objectOf, textOf } from '../http/wire-value.ts';
import { secondsOf, transcriptUsage } from './transcript-usage.ts';

/** An empty transcript is an answer: the clip may be silent. @throws {ProviderError} when the body holds no transcript. */
export function readTranscript(body: unknown, facts: ReplyFacts): Completion {
  if (!isRecord(body)) throw invalidReply('the reply is not a JSON object', facts);
  const { text } = body;
  const error = errorIn(body['error'], typeof text === 'string') ?? (body['object'] === 'error' ? body : null);
  if (error !== null) throw failureInside(error, facts);
  if (typeof text !== 'string') throw invalidReply('the reply has no transcript', facts);
  return answered(
    {
      text,
      // No vendor says why a transcript ended.
      finishReason: 'unknown',
      refused: false,
      usage: transcriptUsage(body['usage'], secondsOf(body['duration'])),
      servedModel: textOf(body['model']),
      replyId: textOf(body['id']) ?? textOf(objectOf(body['x_groq'])['id']),
      reasoning: null,
    },
    facts,
  );
}
