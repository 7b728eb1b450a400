/** Reads answers of generateContent, whole or streamed. */

import { isRecord } from '../text/is-record.ts';
import type { Completion, Usage } from '../types.ts';
import { answerOf, choicesOf } from './choice.ts';
import { completion, requireOwnEnding, textOfThinker } from './completion.ts';
import { answerEnding, type Ending, endingOf } from './finish-reason.ts';
import { errorIn } from './http/error-member.ts';
import { failureInside, filtered, invalidReply, type ReplyFacts } from './http/failures.ts';
import type { Fold } from './http/stream.ts';
import { countOf, listOf, objectOf, textOf, type WireObject } from './http/wire-value.ts';
import { usageOf } from './usage.ts';

/** @throws {ProviderError} when the body holds no answer. */
export function readGenerateReply(body: unknown, facts: ReplyFacts): Completion {
  if (!isRecord(body)) throw invalidReply('the reply is not a JSON object', facts);
  const candidate = answerOf(body['candidates']);
  const error = errorIn(body['error'], candidate !== null);
  if (error !== null) throw failureInside(error, facts);
  const usage = generateUsage(body['usageMetadata']);
  const servedModel = textOf(body['modelVersion']);
  if (candidate === null) {
    const billed = { ...(usage === null ? {} : { usage }), servedModel };
    const reason = textOf(objectOf(body['promptFeedback'])['blockReason']);
    throw reason === null
      ? invalidReply('the reply has no candidates', facts, billed)
      : filtered(`the prompt was stopped by the content filter (${reason.slice(0, 60)})`, facts, billed);
  }
  const ending = endingOfCandidate(candidate);
  const reading = {
    text: answerText(candidate) ?? textOfThinker(usage),
    ...answerEnding(ending),
    usage,
    servedModel,
    replyId: textOf(body['responseId']),
    reasoning: textOf(partsText(candidate, true)),
  };
  requireOwnEnding(ending, reading, facts);
  return completion(reading, facts);
}

/** A call of a function ends with `STOP`. */
function endingOfCandidate(candidate: WireObject): Ending {
  const ending = endingOf(candidate['finishReason']);
  const isCall = parts(candidate).some((part) => part['functionCall'] !== undefined);
  return isCall && ending.kind !== 'content_filter' ? { kind: 'tool_calls', word: ending.word } : ending;
}

/** null when no part has text; an empty text is an answer. */
function answerText(candidate: WireObject): string | null {
  return parts(candidate).some((part) => typeof part['text'] === 'string' && part['thought'] !== true)
    ? partsText(candidate, false)
    : null;
}

function partsText(candidate: WireObject, thought: boolean): string {
  return parts(candidate)
    .filter((part) => (part['thought'] === true) === thought)
    .map((part) => textOf(part['text']) ?? '')
    .join('');
}

function parts(candidate: WireObject): readonly WireObject[] {
  return listOf(objectOf(candidate['content'])['parts']).map(objectOf);
}

/** Each event is a whole reply with the next parts; the last one holds the finish reason and the whole usage. */
export function generateFold(): Fold {
  // Without a prototype, so that a member named `__proto__` is an ordinary one.
  const head: Record<string, unknown> = Object.create(null);
  const all: WireObject[] = [];
  let finishReason: unknown = null;
  let candidates = 0;
  return {
    add: (event) => {
      const { candidates: list, ...rest } = event;
      Object.assign(head, rest);
      // Several alternatives may come in one event or in events of their own.
      const candidate = choicesOf(list).find(({ index }) => index === 0)?.choice;
      if (candidate === undefined) return false;
      candidates += 1;
      const next = parts(candidate);
      for (const part of next) all.push(part);
      finishReason = candidate['finishReason'] ?? finishReason;
      return next.some((part) => textOf(part['text']) !== null);
    },
    text: () => partsText({ content: { parts: all } }, false),
    // A blocked prompt has no candidate that could finish.
    finished: () => finishReason !== null || textOf(objectOf(head['promptFeedback'])['blockReason']) !== null,
    body: () => ({ ...head, candidates: candidates === 0 ? [] : [{ content: { parts: all }, finishReason }] }),
  };
}

/** Usage of generateContent: its candidates' tokens leave thoughts out, we include them. It sends no counts of 0. */
export function generateUsage(raw: unknown): Usage | null {
  if (!isRecord(raw)) return null;
  const prompt = countOf(raw['promptTokenCount']);
  const candidates = countOf(raw['candidatesTokenCount']);
  const thoughts = countOf(raw['thoughtsTokenCount']);
  return usageOf(raw, {
    promptTokens: prompt === null ? null : prompt + (countOf(raw['toolUsePromptTokenCount']) ?? 0),
    completionTokens: candidates === null && thoughts === null ? null : (candidates ?? 0) + (thoughts ?? 0),
    totalTokens: raw['totalTokenCount'],
    cachedTokens: countOf(raw['cachedContentTokenCount']),
    cacheWriteTokens: null,
    reasoningTokens: thoughts,
    audioTokens: modality(raw, 'AUDIO'),
    imageTokens: modality(raw, 'IMAGE'),
    textTokens: modality(raw, 'TEXT'),
    ...spokenTokens(raw),
  });
}

function spokenTokens(raw: WireObject): Pick<Usage, 'audioCompletionTokens'> {
  const spoken = modality(raw, 'AUDIO', 'candidatesTokensDetails') ?? 0;
  return spoken === 0 ? {} : { audioCompletionTokens: spoken };
}

function modality(raw: WireObject, name: string, details = 'promptTokensDetails'): number | null {
  const entry = listOf(raw[details]).find((item) => objectOf(item)['modality'] === name);
  return countOf(objectOf(entry)['tokenCount']);
}
