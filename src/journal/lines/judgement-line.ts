/** The journal line of a question to a judge: written before its verdict counts, so that no judgement is paid for twice. */

import type { Failure } from '../../result.ts';
import { isRecord } from '../../text/is-record.ts';
import {
  isAmountOrNull,
  isCount,
  isDateOrNull,
  isName,
  isNumberOrNull,
  isText,
  isTextOrNull,
} from '../../text/member-checks.ts';
import type { Usage } from '../../types.ts';
import { isUsageOrNull } from './usage-check.ts';

/** Attempts of one question, and what came of them. */
export interface JudgementLine {
  /** Of the judge's settings, the instructions and the answer, with all that is sent. */
  readonly key: string;
  /** Id of the judge. */
  readonly judge: string;
  /** Of the rubric and the grades. */
  readonly promptHash: string;
  readonly answerHash: string;
  /** The cell for which it was asked first: others with the same answer share the reply. */
  readonly sampleId: string;
  /** Absent in judgements of earlier versions. */
  readonly modelId?: string;
  readonly repeat?: number;
  /** Taken from the journal of another run, which paid for it. */
  readonly replayed?: true;
  /** null = there is none; the question may be asked again. */
  readonly reply: string | null;
  /** What the judge did: `answered`, `refused` or `truncated`; null without a reply. */
  readonly outcome: 'answered' | 'refused' | 'truncated' | null;
  readonly failure: Pick<Failure, 'kind' | 'message'> | null;
  readonly servedModel: string | null;
  readonly requestId: string | null;
  readonly attempts: number;
  /** ISO 8601 UTC. */
  readonly startedAt: string | null;
  readonly latencyMs: number | null;
  readonly usage: Usage | null;
  /** null = unpriced. */
  readonly costUsd: number | null;
}

const OUTCOMES: ReadonlySet<unknown> = new Set(['answered', 'refused', 'truncated']);

export function isJudgementLine(value: unknown): value is JudgementLine {
  if (!isRecord(value)) return false;
  const { key, judge, promptHash, answerHash, sampleId, reply, outcome, failure } = value;
  const { servedModel, requestId, attempts, startedAt, latencyMs, usage, costUsd } = value;
  const { modelId, repeat, replayed } = value;
  const isReply = reply === null ? outcome === null : isText(reply) && OUTCOMES.has(outcome);
  return (
    isReply &&
    [key, judge, promptHash, answerHash].every(isName) &&
    isText(sampleId) &&
    (modelId === undefined || isText(modelId)) &&
    (repeat === undefined || isCount(repeat)) &&
    (replayed === undefined || replayed === true) &&
    (failure === null || (isRecord(failure) && isName(failure['kind']) && isText(failure['message']))) &&
    isTextOrNull(servedModel) &&
    isTextOrNull(requestId) &&
    isCount(attempts) &&
    isDateOrNull(startedAt) &&
    isNumberOrNull(latencyMs) &&
    isUsageOrNull(usage) &&
    isAmountOrNull(costUsd)
  );
}

/** Whether a score says what its judges took as this version writes it. */
export function isJudgeCall(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const {
    model,
    servedModel,
    promptHash,
    attempts,
    promptTokens,
    completionTokens,
    costUsd,
    failure,
    grade,
    value: own,
  } = value;
  return (
    isName(model) &&
    isTextOrNull(servedModel) &&
    isName(promptHash) &&
    isCount(attempts) &&
    isAmountOrNull(promptTokens) &&
    isAmountOrNull(completionTokens) &&
    isAmountOrNull(costUsd) &&
    (failure === undefined || isName(failure)) &&
    (grade === undefined || isName(grade)) &&
    (own === undefined || isAmountOrNull(own))
  );
}
