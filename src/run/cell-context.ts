/** A cell, the model that is asked, and everything that a cell needs while it runs. */

import type { Journal } from '../journal/journal.ts';
import type { Replay } from '../journal/replay.ts';
import type { Clock } from '../limits/clock.ts';
import type { Gate } from '../limits/gate.ts';
import type { Timeouts } from '../limits/timers.ts';
import type { PlannedRequest, Planner } from '../plan/planned-request.ts';
import { cellKey } from '../plan/request-hash.ts';
import type { Answer, ExpectedTokens } from '../result.ts';
import type { MediaLoader, ModelClient, ModelConfig, Sample, Usage } from '../types.ts';
import type { AttemptResult } from './attempt.ts';
import type { Budget } from './budget.ts';
import type { ResponseCache } from './cache.ts';
import type { Scoring } from './scoring.ts';

/** A model with everything that answers for it. */
export interface ModelRuntime {
  readonly config: ModelConfig;
  readonly client: ModelClient;
  readonly planner: Planner;
  /** Applies the model's media transform. */
  readonly media: MediaLoader;
  readonly gate: Gate;
}

/** One cell that is to be run. */
export interface Cell {
  readonly request: PlannedRequest;
  readonly model: ModelRuntime;
  readonly repeat: number;
  /** Orders it in every table. */
  readonly rowIndex: number;
}

/** Puts a cell together; cheap, so that a resumed run can skip what is done. */
export function makeCell(sample: Sample, model: ModelRuntime, repeat: number, rowIndex: number): Cell {
  return { request: model.planner.plan(sample), model, repeat, rowIndex };
}

/** Tells a cell whose answer can be taken over; see `cellKey`. */
export function keyOfCell({ request: { requestHash, sample, model }, repeat }: Cell): string {
  return cellKey(requestHash, sample.id, model.id, repeat);
}

/** What the requests of a cell cost, each by itself, and how their tokens split by modality; their usage comes back as one. */
export type CellPricer = (usages: readonly (Usage | null)[], request: PlannedRequest) => Promise<CellCost>;

export interface CellCost {
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
  readonly attemptResult: AttemptResult;
}

export interface CellContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly journal: Journal;
  readonly scoring: Scoring;
  readonly price: CellPricer;
  /** Nothing more is sent. */
  readonly stop: AbortSignal;
  /** Ends what is in flight too long, or no longer wanted. */
  readonly timeouts: Timeouts;
  /** Answers of turns that an interrupted run had already paid for. */
  readonly earlierTurns: ReadonlyMap<string, readonly Answer[]>;
  /** null = every request is sent. */
  readonly cache: ResponseCache | null;
  /** Where answers come from instead of the endpoint; `live` sends what is not there. */
  readonly replay: { readonly from: Replay; readonly live: boolean } | null;
  /** null = no limit. */
  readonly budget: Budget | null;
  /** See `AttemptContext`. */
  readonly afford?: () => boolean;
  readonly onAttempt?: (event: AttemptEvent) => void;
}
