/** Asks a judge each question once: replies in the journal count, and equal questions of several cells share one reply. */

import pLimit from 'p-limit';
import type { JudgementLine } from '../../journal/lines/judgement-line.ts';
import { createLineReader } from '../../journal/lines/line-reader.ts';
import type { Progress } from '../../journal/resume.ts';
import { notAsked } from '../../plan/judge-questions.ts';
import { questionSample } from '../../plan/judge-request.ts';
import type { PlannedRequest } from '../../plan/planned-request.ts';
import type { FailureKind } from '../../result.ts';
import type { JudgeQuestion } from '../../scorers/scorer.ts';
import { runCell } from '../cell.ts';
import { type CellContext, type ModelRuntime, makeCell } from '../cell-context.ts';
import type { AskJudge, JudgedCell } from '../scoring.ts';
import { createCostOwners, judgementLine, replyOf } from './judge-replies.ts';

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
  /** Sends the question unless its reply is in the journal. */
  readonly ask: AskJudge;
  /** Takes the reply from the journal, and sends nothing: other questions have the failure `aborted`. */
  readonly recall: AskJudge;
  /** What would be sent. */
  readonly plan: (question: JudgeQuestion, cell: JudgedCell) => PlannedRequest;
  readonly totals: JudgeTotals;
  /** How many questions may be in flight. */
  concurrency(): number;
  close(): Promise<void>;
}

export interface AskerOptions {
  readonly runtimes: readonly ModelRuntime[];
  readonly context: CellContext;
  /** Of the run. */
  readonly directory: string;
  /** Replies in the journal; gets the new ones. */
  readonly judgements: Progress['judgements'];
  /** Finds replies in the journal of a run that is replayed. */
  readonly replayed?: (key: string) => JudgementLine | null;
}

/** Replies that are kept in memory: cells with equal questions are next to each other. */
const MAX_KEPT = 1000;

export function createAsker({ runtimes, context, directory, judgements, replayed }: AskerOptions): Asker {
  const totals: JudgeTotals = { asked: 0, reused: 0, failures: new Map(), spentUsd: 0, unpriced: 0 };
  /** Questions of this execution, in flight or answered lately. */
  const lately = new Map<string, Promise<JudgementLine>>();
  /** Keys of questions that `totals` has. */
  const counted = new Set<string>();
  const lines = createLineReader(directory);
  const costs = createCostOwners();
  const judges = new Map(runtimes.map((runtime) => [runtime.config.id, { runtime, limit: limitOf(runtime) }]));
  const judgeOf = ({ model }: JudgeQuestion) => {
    const judge = judges.get(model);
    if (judge === undefined) throw new Error(`the judge ${model} is not open`);
    return judge;
  };
  const plan = (question: JudgeQuestion, { sample }: JudgedCell) =>
    judgeOf(question).runtime.planner.plan(questionSample(question, sample));
  const keyOf = (question: JudgeQuestion, cell: JudgedCell) => plan(question, cell).requestHash;

  const keep = (line: JudgementLine) =>
    context.journal.append({ type: 'judgement', data: line }, ({ offset, byteLength }) => {
      if (line.reply !== null) judgements.set(line.key, { offset, byteLength });
    });
  const stored = async (key: string): Promise<JudgementLine | null> => {
    const at = judgements.get(key);
    if (at !== undefined) {
      const entry = await lines.read(at);
      if (entry.type === 'judgement' && entry.data.key === key) return entry.data;
    }
    const other = replayed?.(key) ?? null;
    if (other === null) return null;
    const line = { ...other, replayed: true } as const;
    keep(line);
    return line;
  };
  const send = async (question: JudgeQuestion, cell: JudgedCell, key: string): Promise<JudgementLine> => {
    const { runtime } = judgeOf(question);
    const result = await runCell(makeCell(questionSample(question, cell.sample), runtime, 0, 0), context);
    const line = judgementLine(question, cell, key, result);
    if (line.attempts === 0 && line.reply === null) return line;
    totals.asked += 1;
    totals.spentUsd += line.costUsd ?? 0;
    if (line.costUsd === null && line.reply !== null) totals.unpriced += 1;
    keep(line);
    // Paid for: it counts when it is on the disk.
    await context.journal.ready(context.stop);
    return line;
  };
  const lookUpOrSend = async (question: JudgeQuestion, cell: JudgedCell, key: string): Promise<JudgementLine> => {
    const isNew = !counted.has(key);
    const earlier = await stored(key);
    if (earlier === null) return judgeOf(question).limit(() => send(question, cell, key));
    if (isNew) totals.reused += 1;
    return earlier;
  };
  const remember = (key: string, judgement: Promise<JudgementLine>) => {
    lately.set(key, judgement);
    if (lately.size > MAX_KEPT) for (const [oldest] of [...lately].slice(0, 1)) lately.delete(oldest);
    return judgement;
  };

  return {
    plan,
    totals,
    async ask(question, cell) {
      const key = keyOf(question, cell);
      const judgement = lately.get(key) ?? remember(key, lookUpOrSend(question, cell, key));
      const isFirst = !counted.has(key);
      counted.add(key);
      const line = await judgement;
      const reply = replyOf(line, costs.isOwn(line, cell));
      if ('reason' in reply && isFirst) {
        const kind = line.failure?.kind ?? 'invalid_response';
        totals.failures.set(kind, (totals.failures.get(kind) ?? 0) + 1);
      }
      return reply;
    },
    async recall(question, cell) {
      const line = await stored(keyOf(question, cell));
      return line === null ? notAsked(question) : replyOf(line, costs.isOwn(line, cell));
    },
    concurrency: () => runtimes.reduce((sum, { gate }) => sum + gate.cellSlots.count(), 0),
    close: lines.close,
  };
}

/** As many questions at once as the judge's concurrency allows, whatever asks them. */
function limitOf({ gate: { cellSlots } }: ModelRuntime) {
  const limit = pLimit(cellSlots.count());
  cellSlots.onChange(() => {
    limit.concurrency = cellSlots.count();
  });
  return limit;
}
