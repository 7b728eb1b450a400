/** A cell, its model, and everything that a cell needs while it runs. */

import type { Journal } from '../journal/journal.ts';
import type { Replay } from '../journal/replay.ts';
import type { Clock } from '../limits/clock.ts';
import type { Gate } from '../limits/gate.ts';
import type { Timeouts } from '../limits/timers.ts';
import type { SentMedia } from '../media-transform.ts';
import type { PlannedRequest, Planner } from '../plan/planned-request.ts';
import { cellKey } from '../plan/request-hash.ts';
import type { Answer, ExpectedTokens } from '../result.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import type { Media, MediaLoader, ModelClient, ModelConfig, Sample, Usage } from '../types.ts';
import type { AttemptResult } from './attempt.ts';
import type { Budget, CellBudget } from './budget.ts';
import type { ResponseCache } from './cache.ts';
import type { Scoring } from './scoring.ts';
import type { Sounds } from './sounds.ts';
import type { WarnOnce } from './warn-once.ts';

/** A model with its client and limits. */
export interface ModelRuntime {
  readonly config: ModelConfig;
  readonly client: ModelClient;
  readonly planner: Planner;
  /** Applies the model's media settings. */
  readonly media: MediaLoader;
  /** What was sent instead of a medium; null = its own bytes, or nothing was sent lately. */
  readonly derivedOf: (media: Media) => SentMedia | null;
  readonly gate: Gate;
}

/** One cell to run. */
export interface Cell {
  readonly request: PlannedRequest;
  readonly model: ModelRuntime;
  readonly repeat: number;
  /** Orders it in every table. */
  readonly rowIndex: number;
}

/** Creates a cell; cheap, because a resumed run creates finished cells only to skip them. */
export function makeCell(sample: Sample, model: ModelRuntime, repeat: number, rowIndex: number): Cell {
  return { request: model.planner.plan(sample), model, repeat, rowIndex };
}

/** See `cellKey`. */
export function keyOfCell({ request: { requestHash, sample, model }, repeat }: Cell): string {
  return cellKey(requestHash, sample.id, model.id, repeat);
}

/** Prices the requests of a cell one by one, sums their usage and splits it by modality. `batch`: with the batch discount. */
export type CellPricer = (
  usages: readonly (Usage | null)[],
  request: PlannedRequest,
  options?: { readonly batch: boolean },
) => Promise<CellCost>;

export interface CellCost {
  readonly usage: Usage | null;
  /** null = unpriced. */
  readonly costUsd: number | null;
  /** Cost of each request; absent when there is only one. */
  readonly costsUsd?: readonly (number | null)[] | undefined;
  readonly tokensSource: 'endpoint' | 'estimate' | null;
  /** Absent = the run made no estimates. */
  readonly estimate?: ExpectedTokens;
  /** See `Result`. */
  readonly clipSeconds?: number;
}

/** One attempt that has ended, for traces. */
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
  /** Reads the length of clips. */
  readonly facts: ReadFacts;
  /** Nothing more is sent. */
  readonly stop: AbortSignal;
  /** Ends requests that take too long or are not needed any more. */
  readonly timeouts: Timeouts;
  /** Answers to turns that earlier executions have paid for, by `cellKey`. */
  readonly earlierTurns: ReadonlyMap<string, readonly Answer[]>;
  /** null = every request is sent. */
  readonly cache: ResponseCache | null;
  /** Returns answers instead of the endpoint; `live` sends the requests without one. */
  readonly replay: { readonly from: Replay; readonly folder: string; readonly live: boolean } | null;
  /** Of spoken answers. */
  readonly sounds: Sounds;
  readonly warnOnce: WarnOnce;
  /** null = no limit. */
  readonly budget: Budget | null;
  /** The cell's share of the budget; absent = no limit. */
  readonly money?: CellBudget;
  readonly onAttempt?: (event: AttemptEvent) => void;
}
