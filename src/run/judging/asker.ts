/** Asks a judge each question once: replies in the journal count, and equal questions of several cells share one reply. */

import { decodeLine } from '../../journal/journal-line.ts';
import { type JournalReader, openJournalReader } from '../../journal/journal-reader.ts';
import type { JudgementLine } from '../../journal/lines/judgement-line.ts';
import type { Progress } from '../../journal/resume.ts';
import type { FailureKind, JudgeCall, Result } from '../../result.ts';
import type { JudgeQuestion, JudgeReply } from '../../scorers/scorer.ts';
import type { Sample } from '../../types.ts';
import { runCell } from '../cell.ts';
import { type CellContext, type ModelRuntime, makeCell } from '../cell-context.ts';

/** What was asked in this execution. */
export interface JudgeTotals {
  /** Questions that were sent. */
  asked: number;
  /** Questions whose replies the journal had. */
  reused: number;
  /** Questions without a reply that counts, by kind of failure. */
  readonly failures: Map<FailureKind, number>;
  /** Of what has a price. */
  spentUsd: number;
  /** Replies without a price. */
  unpriced: number;
}

export interface Asker {
  ask(question: JudgeQuestion, sample: Sample): Promise<JudgeReply>;
  readonly totals: JudgeTotals;
  close(): void;
}

export interface AskerOptions {
  readonly runtimes: readonly ModelRuntime[];
  readonly context: CellContext;
  /** Of the run. */
  readonly directory: string;
  /** Replies in the journal; gets the new ones. */
  readonly judgements: Progress['judgements'];
}

/** Replies that are kept in memory: cells with equal questions are next to each other. */
const MAX_KEPT = 1000;

export function createAsker(options: AskerOptions): Asker {
  const { runtimes, context, judgements } = options;
  const totals: JudgeTotals = { asked: 0, reused: 0, failures: new Map(), spentUsd: 0, unpriced: 0 };
  /** Questions of this execution, in flight or answered lately. */
  const lately = new Map<string, Promise<JudgementLine>>();
  /** Keys of questions whose cost stands with a score of this execution. */
  const counted = new Set<string>();
  const stored = createStoredJudgements(options);

  const send = async (question: JudgeQuestion, sample: Sample, runtime: ModelRuntime, key: string) => {
    const result = await runCell(makeCell(questionSample(question, sample), runtime, 0, 0), context);
    const line = judgementLine(question, sample, key, result);
    if (line.attempts > 0 || line.reply !== null) {
      totals.asked += 1;
      totals.spentUsd += line.costUsd ?? 0;
      if (line.costUsd === null && line.reply !== null) totals.unpriced += 1;
      context.journal.append({ type: 'judgement', data: line }, ({ offset, byteLength }) => {
        if (line.reply !== null) judgements.set(key, { offset, byteLength });
      });
      // Paid for: it counts when it is on the disk.
      await context.journal.ready(context.stop);
    }
    return line;
  };

  const judgementOf = async (question: JudgeQuestion, sample: Sample, runtime: ModelRuntime, key: string) => {
    const isNew = !counted.has(key);
    const earlier = await stored.read(key);
    if (earlier === null) return send(question, sample, runtime, key);
    if (isNew) totals.reused += 1;
    return earlier;
  };

  return {
    totals,
    async ask(question, sample) {
      const runtime = runtimes.find(({ config }) => config.id === question.model);
      if (runtime === undefined) throw new Error(`the judge ${question.model} is not open`);
      const key = runtime.planner.plan(questionSample(question, sample)).requestHash;
      const judgement = lately.get(key) ?? judgementOf(question, sample, runtime, key);
      lately.set(key, judgement);
      if (lately.size > MAX_KEPT) for (const [oldest] of [...lately].slice(0, 1)) lately.delete(oldest);
      const isFirst = !counted.has(key);
      counted.add(key);
      const line = await judgement;
      const reason = reasonOf(line);
      if (reason !== null && isFirst) {
        const kind = line.failure?.kind ?? 'invalid_response';
        totals.failures.set(kind, (totals.failures.get(kind) ?? 0) + 1);
      }
      const call = callOf(line, question, isFirst);
      return reason === null ? { text: line.reply ?? '', call } : { reason, call };
    },
    close: stored.close,
  };
}

/** One message, with the media and the identity of the sample; nothing else of it concerns the judge. */
function questionSample({ content }: JudgeQuestion, { id, index, line, group, metadata }: Sample): Sample {
  return { id, index, line, messages: [{ role: 'user', content }], turns: [], target: [], group, tags: [], metadata };
}

function judgementLine(question: JudgeQuestion, { id }: Sample, key: string, result: Result): JudgementLine {
  const { servedModel, requestId, attempts, timing, usage, costUsd, assumedCostUsd } = result;
  const outcome = result.status === 'completed' && result.outcome !== 'unparsed' ? result.outcome : null;
  return {
    key,
    judge: question.model,
    promptHash: question.promptHash,
    answerHash: question.answerHash,
    sampleId: id,
    reply: result.status === 'completed' ? result.answer : null,
    outcome: result.status === 'completed' ? (outcome ?? 'answered') : null,
    failure: result.status === 'completed' ? null : { kind: result.failure.kind, message: result.failure.message },
    servedModel,
    requestId,
    attempts,
    startedAt: timing.startedAt,
    latencyMs: timing.latencyMs,
    usage,
    costUsd: assumedCostUsd ?? costUsd,
  };
}

/** Why a reply does not count, after the name of the judge; null = it does. */
function reasonOf({ failure, outcome }: JudgementLine): string | null {
  if (failure !== null) {
    const verb = failure.kind === 'unsupported' || failure.kind === 'budget' ? 'was not asked' : 'failed';
    return `${verb} (${failure.kind}): ${failure.message}`;
  }
  if (outcome === 'refused') return 'refused to judge';
  return outcome === 'truncated' ? 'was cut at its token limit before its verdict was complete' : null;
}

function callOf(line: JudgementLine, { promptHash }: JudgeQuestion, isFirst: boolean): JudgeCall {
  const { judge, servedModel, attempts, usage, costUsd, failure } = line;
  const call = { model: judge, servedModel, promptHash };
  // The reply is that of another cell, which has its cost.
  if (!isFirst) return { ...call, attempts: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 };
  const { promptTokens = null, completionTokens = null } = usage ?? {};
  const taken = { ...call, attempts, promptTokens, completionTokens, costUsd };
  return failure === null ? taken : { ...taken, failure: failure.kind as FailureKind };
}

/** Reads replies from the journal, also those that were written since it was opened. */
function createStoredJudgements({ directory, judgements }: Pick<AskerOptions, 'directory' | 'judgements'>) {
  let reader: JournalReader | null = null;
  return {
    async read(key: string): Promise<JudgementLine | null> {
      const at = judgements.get(key);
      if (at === undefined) return null;
      if (reader === null || at.offset >= reader.endOffset) {
        const opened = await openJournalReader(directory);
        reader?.close();
        reader = opened;
      }
      const entry = decodeLine(reader.line(at.offset, at.byteLength));
      return entry.type === 'judgement' && entry.data.key === key ? entry.data : null;
    },
    close: () => reader?.close(),
  };
}
