/** One cell's life: may the model take it, is there money, ask, judge, and say what came of it. */

import type { Journal } from '../journal/journal.ts';
import type { Replay } from '../journal/replay.ts';
import type { Clock } from '../limits/clock.ts';
import type { CutOff } from '../limits/cut-off.ts';
import type { Gate } from '../limits/gate.ts';
import { buildConversation, type Conversation } from '../plan/conversation.ts';
import { requestHash } from '../plan/request-hash.ts';
import type { ExpectedTokens, Result } from '../result.ts';
import type { GenerateParams, MediaLoader, Message, ModelClient, ModelConfig, Sample, Usage } from '../types.ts';
import type { Answered, AttemptOutcome, Clocks } from './attempt.ts';
import type { ResponseCache } from './cache.ts';
import { answeredResult, failedResult, replayedResult, unsentResult } from './cell-result.ts';
import { converse, heldAnswers } from './converse.ts';
import { type Budget, spentOn } from './ledger.ts';
import type { Scoring } from './scoring.ts';

/** A model with everything that answers for it. */
export interface ModelRuntime {
  readonly config: ModelConfig;
  readonly client: ModelClient;
  /** The provider's identity of the wire; part of every request hash. */
  readonly wire: unknown;
  /** Applies the model's media transform. */
  readonly media: MediaLoader;
  readonly gate: Gate;
  /** Why the model cannot take these messages; null when nothing speaks against it. */
  readonly refuses: (messages: readonly Message[]) => string | null;
}

/** What the requests of a cell cost, each by itself, and how their tokens split by modality; their usage comes back as one. */
export type PriceUsage = (requests: readonly (Usage | null)[], cell: PricedCell) => Promise<Priced>;

/** What of a cell bears on its tokens and its price. */
export interface PricedCell {
  readonly model: ModelConfig;
  readonly conversation: Conversation;
  readonly params: GenerateParams;
}

export interface Priced {
  readonly usage: Usage | null;
  /** null = unpriced. */
  readonly costUsd: number | null;
  readonly tokensSource: 'endpoint' | 'estimate' | null;
  /** Absent = the run made no estimates. */
  readonly estimate?: ExpectedTokens;
}

/** One attempt that is over, for traces. */
export interface AttemptEvent {
  readonly cell: Cell;
  readonly turn: number;
  /** Over the whole cell, from 1. */
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
}

export interface CellContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly journal: Journal;
  readonly scoring: Scoring;
  readonly price: PriceUsage;
  /** Nothing more is sent. */
  readonly stop: AbortSignal;
  /** Ends what is in flight too long, or no longer wanted. */
  readonly cutOff: CutOff;
  /** Answers of turns that an interrupted run had already paid for. */
  readonly earlierTurns: ReadonlyMap<string, readonly Answered[]>;
  /** null = every request is sent. */
  readonly cache: ResponseCache | null;
  /** Where answers come from instead of the endpoint; `live` sends what is not there. */
  readonly replay: { readonly from: Replay; readonly live: boolean } | null;
  /** With the most that a cell may cost in USD; null = its price is not known. */
  readonly budget: { readonly ledger: Budget; readonly highUsd: (cell: Cell) => Promise<number | null> } | null;
  /** See `AttemptContext`. */
  readonly afford?: () => boolean;
  readonly onAttempt?: (event: AttemptEvent) => void;
}

/** One cell that is to be run; `place` orders it in every table. */
export interface Cell {
  readonly sample: Sample;
  readonly model: ModelRuntime;
  readonly repeat: number;
  readonly place: number;
  readonly conversation: Conversation;
  readonly params: ModelConfig['params'];
  readonly requestHash: string;
}

/** Puts a cell together; cheap, so that a resumed run can skip what is done. */
export function makeCell(sample: Sample, model: ModelRuntime, repeat: number, place: number): Cell {
  const conversation = buildConversation(sample, model.config);
  const params = { ...model.config.params, ...sample.params };
  const hash = requestHash(model.wire, model.config, conversation, params);
  return { sample, model, repeat, place, conversation, params, requestHash: hash };
}

const startClocks = (): Clocks => ({ attempts: 0, unseenBills: 0, retryWaitMs: 0, firstSentAt: null, startedAt: null });

/** Runs a cell. Never throws for what a model or endpoint did. */
export async function runCell(cell: Cell, context: CellContext): Promise<Result> {
  const { messages, followUps } = cell.conversation;
  const reason = cell.model.refuses([...messages, ...followUps]);
  if (reason !== null) return unsentResult(cell, 'skipped', { kind: 'unsupported', message: reason }, context);
  if (context.replay !== null) {
    const earlier = context.replay.from.find(replayKey(cell));
    if (earlier !== null) return replayedResult(cell, earlier, context);
    if (!context.replay.live) {
      return unsentResult(
        cell,
        'failed',
        { kind: 'aborted', message: 'the replayed run has no such request' },
        context,
      );
    }
  }
  const clocks = startClocks();
  if (context.budget === null) return askCell(cell, context, clocks);
  // What is there already needs no money.
  const held = heldAnswers(cell, context);
  if (held !== null) return answeredResult(cell, held, Object.assign(clocks, { queueMs: 0 }), context);
  const { ledger, highUsd } = context.budget;
  const high = await highUsd(cell);
  if (high === null)
    return unsentResult(cell, 'skipped', { kind: 'budget', message: 'its price is not known' }, context);
  if (!(await ledger.reserve(high))) {
    const message = `the budget does not cover another $${high.toPrecision(3)}`;
    return unsentResult(cell, 'skipped', { kind: 'budget', message }, context);
  }
  let [reserved, spent] = [high, high];
  const afford = () => {
    const fits = ledger.extend(high);
    if (fits) reserved += high;
    return fits;
  };
  try {
    const result = await askCell(cell, { ...context, afford }, clocks);
    spent = spentOn(result, clocks.unseenBills, high);
    return spent === (result.costUsd ?? 0) ? result : { ...result, assumedCostUsd: spent };
  } finally {
    ledger.settle(reserved, spent);
  }
}

function replayKey({ requestHash, sample, model, repeat }: Cell) {
  return { requestHash, repeat, sampleId: sample.id, modelId: model.config.id };
}

function isUnknownBill({ completion, fromCache, isCounted }: Answered): boolean {
  return completion.usage === null && fromCache !== true && isCounted !== true;
}

async function askCell(cell: Cell, context: CellContext, clocks: Clocks): Promise<Result> {
  const readyAt = context.clock.now();
  const { answers, failure } = await converse(cell, context, clocks);
  // Of a conversation that broke off, turns without usage may be on the bill as well.
  if (failure !== null && answers.some(isUnknownBill)) clocks.unseenBills += 1;
  const timed = Object.assign(clocks, { queueMs: (clocks.firstSentAt ?? context.clock.now()) - readyAt });
  return failure === null
    ? answeredResult(cell, answers, timed, context)
    : failedResult(cell, failure, answers, timed, context);
}
