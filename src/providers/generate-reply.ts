/** Reads answers of generateContent, whole or streamed. */

import { isRecord } from '../text/is-record.ts';
import type { Completion, FinishReason, Usage } from '../types.ts';
import { completion } from './completion.ts';
import { failureInside, filtered, invalidReply, type ReplyFacts } from './http/failures.ts';
import type { Fold } from './http/stream.ts';
import { countOf, listOf, objectOf, textOf, type WireObject } from './http/wire-value.ts';
import { usageOf } from './usage.ts';

const FINISH_REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
]);

/** Finish reasons of the vendor's filters, as opposed to the model. */
const FILTERED =
  /^(SAFETY|RECITATION|BLOCKLIST|PROHIBITED_CONTENT|SPII|IMAGE_SAFETY|IMAGE_PROHIBITED_CONTENT|IMAGE_RECITATION|MODEL_ARMOR)$/;

/** @throws {ProviderError} when the body holds no answer. */
export function readGenerateReply(body: unknown, facts: ReplyFacts): Completion {
  if (!isRecord(body)) throw invalidReply('the reply is not a JSON object', facts);
  const error = body['error'] ?? null;
  if (error !== null) throw failureInside(error, facts);
  const usage = generateUsage(body['usageMetadata']);
  const candidate = listOf(body['candidates'])[0];
  const servedModel = textOf(body['modelVersion']);
  const billed = { ...(usage === null ? {} : { usage }), servedModel };
  if (!isRecord(candidate)) {
    const reason = textOf(objectOf(body['promptFeedback'])['blockReason']);
    throw reason === null
      ? invalidReply('the reply has no candidates', facts, billed)
      : filtered(`the prompt was stopped by the content filter (${reason.slice(0, 60)})`, facts, billed);
  }
  const finishReason = textOf(candidate['finishReason']) ?? '';
  const text = answerText(candidate);
  if (FILTERED.test(finishReason))
    throw filtered(`the answer was stopped by the content filter (${finishReason})`, facts, {
      ...billed,
      ...(text === null || text === '' ? {} : { partial: text }),
    });
  return completion(
    {
      text,
      finishReason: finishReasonOf(finishReason, candidate),
      refused: false,
      usage,
      servedModel,
      replyId: textOf(body['responseId']),
      reasoning: textOf(partsText(candidate, true)),
    },
    facts,
  );
}

function finishReasonOf(name: string, candidate: WireObject): FinishReason {
  return parts(candidate).some((part) => part['functionCall'] !== undefined)
    ? 'tool_calls'
    : (FINISH_REASONS.get(name) ?? 'unknown');
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
  let head: WireObject = {};
  let all: readonly WireObject[] = [];
  let finishReason: unknown = null;
  let candidates = 0;
  return {
    add: (event) => {
      const { candidates: list, ...rest } = event;
      head = { ...head, ...rest };
      const candidate = listOf(list)[0];
      if (!isRecord(candidate)) return false;
      candidates += 1;
      const next = parts(candidate);
      all = [...all, ...next];
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
  });
}

function modality(raw: WireObject, name: string): number | null {
  const entry = listOf(raw['promptTokensDetails']).find((item) => objectOf(item)['modality'] === name);
  return countOf(objectOf(entry)['tokenCount']);
}
