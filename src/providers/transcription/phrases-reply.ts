/** Reads the reply of Azure Speech's fast transcription. */

import { isRecord } from '../../text/is-record.ts';
import type { Completion } from '../../types.ts';
import { answered } from '../completion.ts';
import { errorIn } from '../http/error-member.ts';
import { failureInside, invalidReply, type ReplyFacts } from '../http/failures.ts';
import { listOf, objectOf } from '../http/wire-value.ts';
import { secondsOf, transcriptUsage } from './transcript-usage.ts';

/** One combined phrase for each channel; no phrase is silence. @throws {ProviderError} when there is no transcript. */
export function readPhrases(body: unknown, facts: ReplyFacts): Completion {
  if (!isRecord(body)) throw invalidReply('the reply is not a JSON object', facts);
  const phrases = body['combinedPhrases'];
  const error = errorIn(body['error'], Array.isArray(phrases));
  if (error !== null) throw failureInside(error, facts);
  const texts = listOf(phrases).map((phrase) => objectOf(phrase)['text']);
  const isWhole = Array.isArray(phrases) && texts.every((text) => typeof text === 'string');
  if (!isWhole) throw invalidReply('the reply has no transcript', facts);
  const milliseconds = body['durationMilliseconds'] ?? body['duration'];
  return answered(
    {
      text: texts.join('\n'),
      finishReason: 'unknown',
      refused: false,
      usage: transcriptUsage(body['usage'], typeof milliseconds === 'number' ? secondsOf(milliseconds / 1000) : null),
      servedModel: null,
      replyId: null,
      reasoning: null,
    },
    facts,
  );
}
