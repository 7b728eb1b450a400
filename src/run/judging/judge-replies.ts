/** Makes the journal line of a question to a judge, and the reply that a scorer gets, with what it took. */

import type { JudgementLine } from '../../journal/lines/judgement-line.ts';
import type { FailureKind, JudgeCall, Result } from '../../result.ts';
import type { JudgeQuestion, JudgeReply } from '../../scorers/scorer.ts';
import type { JudgedCell } from '../scoring.ts';

export function judgementLine(
  { model, promptHash, answerHash }: JudgeQuestion,
  { sample, modelId, repeat }: JudgedCell,
  key: string,
  result: Result,
): JudgementLine {
  const { servedModel, requestId, attempts, timing, usage, costUsd, assumedCostUsd } = result;
  const isCompleted = result.status === 'completed';
  const outcome = isCompleted && result.outcome !== 'unparsed' ? result.outcome : 'answered';
  return {
    ...{ key, judge: model, promptHash, answerHash, sampleId: sample.id, modelId, repeat },
    reply: isCompleted ? result.answer : null,
    outcome: isCompleted ? outcome : null,
    failure: isCompleted ? null : { kind: result.failure.kind, message: result.failure.message },
    ...{ servedModel, requestId, attempts, startedAt: timing.startedAt, latencyMs: timing.latencyMs, usage },
    costUsd: assumedCostUsd ?? costUsd,
  };
}

/** What a scorer gets. `isOwn`: the question was asked for this cell, which has its cost. */
export function replyOf(line: JudgementLine, isOwn: boolean): JudgeReply {
  const reason = reasonOf(line);
  const call = callOf(line, isOwn);
  return reason === null ? { text: line.reply ?? '', call } : { reason, call };
}

const NOTHING = { attempts: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 };

/** Why a reply does not count, after the name of the judge; null = it does. */
function reasonOf({ failure, outcome }: JudgementLine): string | null {
  if (failure !== null) {
    const verb = failure.kind === 'unsupported' || failure.kind === 'budget' ? 'was not asked' : 'failed';
    return `${verb} (${failure.kind}): ${failure.message}`;
  }
  if (outcome === 'refused') return 'refused to judge';
  return outcome === 'truncated' ? 'was cut at its token limit before its verdict was complete' : null;
}

function callOf(line: JudgementLine, isOwn: boolean): JudgeCall {
  const { judge, servedModel, promptHash, attempts, usage, costUsd, failure } = line;
  const { promptTokens = null, completionTokens = null } = usage ?? {};
  const isUnsent = attempts === 0 && failure !== null;
  const taken = isOwn && !isUnsent ? { attempts, promptTokens, completionTokens, costUsd } : NOTHING;
  const call = { model: judge, servedModel, promptHash, ...taken };
  return failure === null ? call : { ...call, failure: failure.kind as FailureKind };
}

/** Decides which cell has the cost of a judgement: the one that it was asked for, once in each scoring of it. */
export function createCostOwners() {
  const seen = new WeakMap<JudgedCell, Set<string>>();
  /** Judgements of earlier versions, which name no cell: the first cell of this execution has their cost. */
  const claimed = new Set<string>();
  return {
    isOwn({ key, sampleId, modelId, repeat }: JudgementLine, cell: JudgedCell): boolean {
      const keys = seen.get(cell) ?? new Set();
      seen.set(cell, keys);
      if (keys.has(key)) return false;
      keys.add(key);
      if (modelId !== undefined)
        return cell.sample.id === sampleId && cell.modelId === modelId && cell.repeat === repeat;
      if (claimed.has(key)) return false;
      claimed.add(key);
      return true;
    },
  };
}
