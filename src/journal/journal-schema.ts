/**
 * Checks what a journal line holds. Its checksum finds accidents, not intent: anybody can compute it. Written by hand, because
 * a million lines are checked before a resumed run starts.
 */

import type { RunDefinition } from '../plan/request-hash.ts';
import { type Answer, FAILURE_KINDS, type Result } from '../result.ts';
import { isRecord } from '../text/is-record.ts';
import {
  isAmountOrNull,
  isCount,
  isDateOrNull,
  isListOf,
  isListOrAbsent,
  isMapOf,
  isName,
  isNumber,
  isNumberOrAbsent,
  isNumberOrNull,
  isShareOrNull,
  isText,
  isTextOrAbsent,
  isTextOrNull,
  isTrueOrAbsent,
} from '../text/member-checks.ts';
import type { AgainNote, AttemptNote, JournalEntry, JournalHeader, LineHead, TurnNote } from './journal-line.ts';
import { isJudgementLine } from './lines/judgement-line.ts';
import { isPreferenceLine } from './lines/preference-line.ts';
import { isScore, isScoreLine, isScoreSet } from './lines/score-line.ts';
import { isUsageOrNull } from './lines/usage-check.ts';

// Members are read by their names, not in a loop over a table of checks: that takes five times as long.

/** More turns than a conversation has; an index of a list that is filled without holes. */
const MAX_TURNS = 100_000;

/** The hash names a file: `soundFile` rejects others than hashes, and the answer counts all the same. */
function isSound(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { sha256, mediaType, byteLength, seconds = null, isLost } = value;
  return (
    isName(sha256) && isName(mediaType) && isCount(byteLength) && isAmountOrNull(seconds) && isTrueOrAbsent(isLost)
  );
}

const isSoundOrNull = (value: unknown) => value === null || isSound(value);

/** Whether a value is an answer as the journal and the response cache keep it. */
export function isStoredAnswer(value: unknown): value is Answer {
  if (!isRecord(value) || !isRecord(value['completion'])) return false;
  const { text, finishReason, refused, usage, servedModel, requestId, reasoning } = value['completion'];
  const { latencyMs, firstTokenMs, fromCache, isCounted, sound } = value;
  return (
    isText(text) &&
    isName(finishReason) &&
    typeof refused === 'boolean' &&
    isUsageOrNull(usage) &&
    isTextOrNull(servedModel) &&
    isTextOrNull(requestId) &&
    isTextOrAbsent(reasoning) &&
    isNumber(latencyMs) &&
    isNumberOrNull(firstTokenMs) &&
    isTrueOrAbsent(fromCache) &&
    isTrueOrAbsent(isCounted) &&
    (sound === undefined || isSound(sound))
  );
}

function isSampleCard(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { prompt, target, group, tags, metadata } = value;
  return (
    isText(prompt) &&
    hasMedia(value) &&
    isListOf(target, isText) &&
    isTextOrNull(group) &&
    isListOf(tags, isText) &&
    isMapOf(metadata, isText)
  );
}

/** Documents and videos are absent where there are none. */
function hasMedia({ images, audio, documents = [], videos = [] }: Readonly<Record<string, unknown>>): boolean {
  return [images, audio, documents, videos].every((list) => isListOf(list, isText));
}

function isTiming(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { startedAt, queueMs, retryWaitMs, latencyMs, firstTokenMs } = value;
  return (
    isDateOrNull(startedAt) &&
    isNumber(queueMs) &&
    isNumber(retryWaitMs) &&
    isNumberOrNull(latencyMs) &&
    isNumberOrNull(firstTokenMs)
  );
}

function isExpected(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isRecord(value)) return false;
  const { text, template, image, audio, completion } = value;
  return isNumber(text) && isNumber(template) && isNumber(image) && isNumber(audio) && isNumber(completion);
}

/** A turn without an answer has no reply. */
function isTurnResult(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { prompt, target, reply } = value;
  return isText(prompt) && hasMedia(value) && isListOf(target, isText) && (reply === null || isReply(reply));
}

const REPLY_OUTCOMES: ReadonlySet<unknown> = new Set(['answered', 'refused', 'truncated', null]);

function isReply(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { outcome, finishReason, score, latencyMs, costUsd, answer, thinking } = value;
  return (
    REPLY_OUTCOMES.has(outcome) &&
    (finishReason === null || isName(finishReason)) &&
    isShareOrNull(score) &&
    isNumberOrNull(latencyMs) &&
    isAmountOrNull(costUsd) &&
    isTextOrAbsent(answer) &&
    isTextOrAbsent(thinking)
  );
}

function isSentMedia(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { uri, sha256, mediaType, byteLength, codec } = value;
  return isText(uri) && isName(sha256) && isName(mediaType) && isCount(byteLength) && isName(codec);
}

type Members = Readonly<Record<string, unknown>>;

/** Which cell a result is of. */
function hasCell({
  sampleId,
  modelId,
  repeat,
  sampleIndex,
  sampleLine,
  sampleKey,
  requestHash,
  sample,
  scorers,
}: Members) {
  return (
    isText(sampleId) &&
    isName(modelId) &&
    isCount(repeat) &&
    isCount(sampleIndex) &&
    (sampleLine === undefined || isCount(sampleLine)) &&
    isName(sampleKey) &&
    isName(requestHash) &&
    isSampleCard(sample) &&
    isListOf(scorers, isName)
  );
}

const TOKEN_SOURCES: ReadonlySet<unknown> = new Set(['endpoint', 'estimate', null]);

/** What a result cost and how it was judged. */
function hasMeasures(result: Members) {
  const { attempts, timing, usage, usages, turns, costUsd, assumedCostUsd = null, replayed, sentMedia } = result;
  const { clipSeconds = null } = result;
  const { tokensSource, estimate, servedModel, requestId, score, scores, batchId } = result;
  return (
    isCount(attempts) &&
    isTiming(timing) &&
    isUsageOrNull(usage) &&
    isListOrAbsent(usages, isUsageOrNull) &&
    isListOrAbsent(turns, isTurnResult) &&
    isListOrAbsent(sentMedia, isSentMedia) &&
    isAmountOrNull(costUsd) &&
    isAmountOrNull(assumedCostUsd) &&
    isTrueOrAbsent(replayed) &&
    isAmountOrNull(clipSeconds) &&
    isTextOrAbsent(batchId) &&
    TOKEN_SOURCES.has(tokensSource) &&
    isExpected(estimate) &&
    isTextOrNull(servedModel) &&
    isTextOrNull(requestId) &&
    isShareOrNull(score) &&
    isListOf(scores, isScore)
  );
}

const KINDS: ReadonlySet<unknown> = new Set(FAILURE_KINDS);
const OUTCOMES: ReadonlySet<unknown> = new Set(['answered', 'refused', 'truncated', 'unparsed']);

function isFailure(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { kind, message, status, code, requestId, hint, partial, modelStopped } = value;
  return (
    KINDS.has(kind) &&
    isText(message) &&
    isNumberOrAbsent(status) &&
    isTextOrAbsent(code) &&
    isTextOrAbsent(requestId) &&
    isTextOrAbsent(hint) &&
    isTextOrAbsent(partial) &&
    isTrueOrAbsent(modelStopped)
  );
}

function isCompleted(result: Members): boolean {
  const { outcome, answer, finishReason, thinking, cachedLatencyMs, sound } = result;
  const { earlierAnswers, earlierThinking, asSent, earlierSounds } = result;
  return (
    OUTCOMES.has(outcome) &&
    isText(answer) &&
    isName(finishReason) &&
    isTextOrAbsent(thinking) &&
    isListOrAbsent(earlierAnswers, isText) &&
    isListOrAbsent(earlierThinking, isTextOrNull) &&
    isListOrAbsent(asSent, isTextOrNull) &&
    (sound === undefined || isSound(sound)) &&
    isListOrAbsent(earlierSounds, isSoundOrNull) &&
    isNumberOrAbsent(cachedLatencyMs)
  );
}

function isResult(value: unknown): value is Result {
  if (!isRecord(value) || !hasCell(value) || !hasMeasures(value)) return false;
  const { status, outcome, failure } = value;
  if (status === 'completed') return isCompleted(value);
  if (status === 'skipped') return outcome === null && isFailure(failure);
  return status === 'failed' && (outcome === null || outcome === 'filtered') && isFailure(failure);
}

/** The settings of the models are only compared with those of the current run, as text. */
function isDefinition(value: unknown): value is RunDefinition {
  if (!isRecord(value)) return false;
  const { dataset, samples, broken, repeat, scorers, models, judges } = value;
  const isModel = (model: unknown) => isRecord(model) && isName(model['id']);
  return (
    (broken === undefined || typeof broken === 'string') &&
    isName(dataset) &&
    isCount(samples) &&
    isCount(repeat) &&
    isListOf(scorers, isRecord) &&
    isListOf(models, isModel) &&
    isListOrAbsent(judges, isModel)
  );
}

function isHeader(value: unknown): value is JournalHeader {
  if (!isRecord(value)) return false;
  const { format, version, runId, runIdentity } = value;
  return format === 'earsight-journal' && version === 1 && isName(runId) && isDefinition(runIdentity);
}

function isAttempt(value: unknown): value is AttemptNote {
  if (!isRecord(value)) return false;
  const { requestHash, modelId, attempt, turn } = value;
  return isName(requestHash) && isName(modelId) && isCount(attempt) && isCount(turn);
}

function isTurn(value: unknown): value is TurnNote {
  if (!isRecord(value)) return false;
  const { turn, answered } = value;
  return isAgain(value) && isCount(turn) && Number(turn) < MAX_TURNS && isStoredAnswer(answered);
}

function isAgain(value: unknown): value is AgainNote {
  if (!isRecord(value)) return false;
  const { requestHash, sampleId, modelId, repeat } = value;
  return isName(requestHash) && isText(sampleId) && isName(modelId) && isCount(repeat);
}

function isRebase(value: unknown): value is { readonly runIdentity: RunDefinition } {
  return isRecord(value) && isDefinition(value['runIdentity']);
}

/** Whether the data of each type of line is what this version writes, or an earlier one wrote. */
const CHECKS = {
  header: isHeader,
  attempt: isAttempt,
  turn: isTurn,
  result: isResult,
  rebase: isRebase,
  score: isScoreLine,
  scoreset: isScoreSet,
  judgement: isJudgementLine,
  preference: isPreferenceLine,
  again: isAgain,
  /** Only for people to read. */
  limit: () => true,
} as const satisfies Record<JournalEntry['type'], (value: unknown) => boolean>;

/** Types of lines that belong to a row of the tables. */
const OF_CELLS: ReadonlySet<string> = new Set(['result', 'score']);

/** Parses a line that `readHead` accepted; null when its members have other types than those of its head and its data. */
export function parseLine(line: string, head: LineHead): JournalEntry | null {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return null;
  }
  // A member that is there twice has its last value here, and its first one in the head.
  if (!isRecord(entry) || entry['type'] !== head.type || (entry['cell'] ?? null) !== head.cell) return null;
  if (!Object.hasOwn(CHECKS, head.type) || OF_CELLS.has(head.type) !== (head.cell !== null)) return null;
  return CHECKS[head.type](entry['data']) ? (entry as unknown as JournalEntry) : null;
}
