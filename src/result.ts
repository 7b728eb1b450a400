/** What became of a cell: its outcome, scores and times, or why there is no answer. */

import type { Completion, FinishReason, Usage } from './types.ts';

export const FAILURE_KINDS = [
  'timeout',
  'network',
  'rate_limit',
  'auth',
  'bad_request',
  'unsupported',
  'content_filter',
  'server',
  'invalid_response',
  'media',
  'budget',
  'aborted',
] as const;

/**
 * The class of a failure: why a cell has no answer.
 *
 * - `timeout`: no complete answer within `limits.timeoutMs`, or the endpoint reported a timeout (HTTP 408); retried
 * - `network`: no connection, no trusted TLS, or a connection that broke before the answer was complete; retried
 * - `rate_limit`: the endpoint throttled the request (429); retried. Or the account has no credit or quota left (402);
 *   not retried
 * - `auth`: the endpoint rejected the key or the token (401, 403), or there is no token; nothing more is sent to the model
 * - `bad_request`: the endpoint rejected the request (other 4xx), or redirected it
 * - `unsupported`: the model does not take this content or this parameter; skipped without a request if known before
 * - `content_filter`: a filter of the vendor stopped the prompt or the answer. This is an outcome of the model (`filtered`);
 *   all other kinds are missing results
 * - `server`: the endpoint failed (5xx), or stopped in the middle of the answer; retried
 * - `invalid_response`: a reply with a success status that holds no readable answer
 * - `media`: an image or a clip could not be read, fetched or scaled, or changed after the validation
 * - `budget`: not sent, because its cost would exceed `maxCostUsd` or is not known
 * - `aborted`: the run was stopped before the answer was complete
 */
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Why a cell has no answer; safe to print and to store. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly status?: number;
  readonly code?: string;
  readonly requestId?: string;
  readonly hint?: string;
  /** What had arrived before the failure; never an answer. */
  readonly partial?: string;
}

/** value in [0, 1], higher is better; null = could not be judged: left out of means, counted as unscored. */
export interface Score {
  readonly scorer: string;
  readonly value: number | null;
  /** The field's own figure in its own direction, e.g. a word error rate of 1.4; null as `value`. */
  readonly raw: number | null;
  /** Of `raw`, e.g. `wer`, `match`. */
  readonly unit: string;
  /** Summable parts of a corpus figure, e.g. errors and reference words. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Why, where the value alone does not say. */
  readonly explanation?: string;
}

/** Milliseconds on the monotonic clock. */
export interface Timing {
  /** ISO 8601 UTC of the successful (or last) attempt; null when nothing was sent. */
  readonly startedAt: string | null;
  /** Ready until first sent. */
  readonly queueMs: number;
  /** Waits between attempts. */
  readonly retryWaitMs: number;
  /** The successful attempt, send to last byte; null when none succeeded. */
  readonly latencyMs: number | null;
  /** Of the successful attempt; null without streaming. */
  readonly firstTokenMs: number | null;
}

/** The key of everything below. */
export interface CellKey {
  readonly sampleId: string;
  readonly modelId: string;
  readonly repeat: number;
}

/** What tables show of a sample, so that a journal line stands on its own. */
export interface SampleCard {
  /** Text of the user message to be answered. */
  readonly prompt: string;
  /** Path, URL, or `data:<mediaType>;sha256=<hex>`. */
  readonly images: readonly string[];
  readonly audio: readonly string[];
  readonly target: readonly string[];
  readonly group: string | null;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** What the model did; absent for what is missing. */
export type Outcome = 'answered' | 'refused' | 'filtered' | 'truncated' | 'unparsed';

/** Tokens that were expected before a cell was sent; over all turns. */
export interface ExpectedTokens {
  readonly text: number;
  /** Of the chat template. */
  readonly template: number;
  readonly image: number;
  readonly audio: number;
  readonly completion: number;
}

interface ResultFacts extends CellKey {
  readonly sampleIndex: number;
  /** Pairs samples between runs: id, media hashes and target. */
  readonly sampleKey: string;
  /** Everything on the wire: serves cache and resume. */
  readonly requestHash: string;
  readonly sample: SampleCard;
  readonly attempts: number;
  readonly timing: Timing;
  /** Summed over turns; null = not reported. */
  readonly usage: Usage | null;
  /** Of each request, where there was more than one: the price of a request may depend on its length. */
  readonly usages?: readonly (Usage | null)[];
  /** null = unpriced, or no usage. */
  readonly costUsd: number | null;
  /**
   * What a budget counts of this result where that is not `costUsd`: the most, when calls may have cost more than is known
   * (only in runs with a budget), less the turns that an earlier result of the cell holds.
   */
  readonly assumedCostUsd?: number;
  /** Taken from another run, which paid for it. */
  readonly replayed?: true;
  /** Where the split by modality comes from; null without tokens. */
  readonly tokensSource: 'endpoint' | 'estimate' | null;
  /** Absent when the run made no estimates, or nothing was reported to compare with. */
  readonly estimate?: ExpectedTokens;
  readonly servedModel: string | null;
  readonly requestId: string | null;
  /** Names of the scorers that its sample asks for; empty = nothing is to be judged. */
  readonly scorers: readonly string[];
  /** The weighted mean of the scores' values; null for every outcome but `answered` and when unscored. */
  readonly score: number | null;
  readonly scores: readonly Score[];
}

/** The outcome of a cell: an answer and a failure are different types. */
export type Result =
  | (ResultFacts & {
      readonly status: 'completed';
      readonly outcome: Exclude<Outcome, 'filtered'>;
      readonly answer: string;
      readonly finishReason: FinishReason;
      /** Earlier answers of a `turns` sample, in order. */
      readonly earlierAnswers?: readonly string[];
      /** Set when the answer came from the cache: its original latency; `timing` and cost are then those of no request. */
      readonly cachedLatencyMs?: number;
    })
  | (ResultFacts & {
      readonly status: 'failed';
      /** `filtered` for kind `content_filter`, else null. */
      readonly outcome: 'filtered' | null;
      readonly failure: Failure;
    })
  | (ResultFacts & { readonly status: 'skipped'; readonly outcome: null; readonly failure: Failure });

/** Accumulates over the requests of one cell. */
export interface Clocks {
  attempts: number;
  /** Failed attempts that may have been billed without the endpoint saying so. */
  unseenBills: number;
  retryWaitMs: number;
  /** Monotonic time of the first attempt; null before it. */
  firstSentAt: number | null;
  /** ISO 8601 UTC of the last attempt. */
  startedAt: string | null;
}

export interface Answer {
  readonly completion: Completion;
  /** Of the successful attempt alone. */
  readonly latencyMs: number;
  readonly firstTokenMs: number | null;
  /** It was not asked for in this run; the latency is the original one. */
  readonly fromCache?: true;
  /** An earlier result of its cell holds its cost. */
  readonly isCounted?: true;
}
