/** The result of a cell: its answer, outcome, scores and times, or the reason why there is no answer. */

import type { SentMedia } from './media-transform.ts';
import type { MediaOfCard } from './modalities.ts';
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
  'decided',
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
 * - `decided`: not sent, because the run stops when its comparisons are decided, and those of this model are
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
  /** The text that had arrived before the failure; never an answer. */
  readonly partial?: string;
  /** The model was stopped because of failures like this one: a resumed run asks again, also where the kind is final. */
  readonly modelStopped?: true;
}

/**
 * One step of an alignment of words: a run of equal words, or one edit. `correct` holds the text of the reference,
 * `substituted` the reference's word and the answer's.
 */
export type AlignmentStep =
  | readonly ['correct' | 'deleted' | 'inserted', text: string]
  | readonly ['substituted', reference: string, answer: string];

/** What a judge's reply to one question took; never a part of what the judged model took. */
export interface JudgeCall {
  /** Id of the judge in the configuration. */
  readonly model: string;
  readonly servedModel: string | null;
  /** Of the rubric and the grades. */
  readonly promptHash: string;
  /** 0 = the reply was in the journal already; it is paid once, and counts with the score that it was asked for. */
  readonly attempts: number;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** null = unpriced. */
  readonly costUsd: number | null;
  /** Why there is no reply. */
  readonly failure?: FailureKind;
  /** Of one of several judges: its own grade, and the value of it. */
  readonly grade?: string;
  readonly value?: number | null;
}

/** `value` is in [0, 1], higher is better; null = could not be judged: left out of means and counted as unscored. */
export interface Score {
  readonly scorer: string;
  readonly value: number | null;
  /** Name and version of the scorer, e.g. `wer 2`, whatever the score is named; absent in journals of earlier versions. */
  readonly version?: string;
  /** The usual figure of the metric in its own direction, e.g. a word error rate of 1.4; null when `value` is null. */
  readonly raw: number | null;
  /** Unit of `raw`, e.g. `wer`, `match`. */
  readonly unit: string;
  /**
   * Counts to add up for a corpus figure, e.g. errors and reference words. Scorers of classes count one cell of the
   * confusion matrix each, named `<target> → <answer>`; the answer is empty when it could not be read.
   */
  readonly counts?: Readonly<Record<string, number>>;
  /** Figures of parts, e.g. one for each field of a JSON answer; null = not defined for this answer. */
  readonly parts?: Readonly<Record<string, number | null>>;
  /** How the answer was aligned with the nearest target, in order; absent for long texts. */
  readonly alignment?: readonly AlignmentStep[];
  /** Of a score that judges gave. */
  readonly judgeCalls?: readonly JudgeCall[];
  /** `value` is null for a reason outside the answer: a limit, or a failure of the scorer. */
  readonly failed?: true;
  /** The reason for the value, where it needs one. */
  readonly explanation?: string;
}

/** Milliseconds on the monotonic clock. */
export interface Timing {
  /** ISO 8601 UTC time of the successful (or last) attempt; null when nothing was sent. */
  readonly startedAt: string | null;
  /** From ready until the first attempt was sent. */
  readonly queueMs: number;
  /** Sum of the waits between attempts. */
  readonly retryWaitMs: number;
  /** Of the successful attempt, from sending to the last byte; null when none succeeded. */
  readonly latencyMs: number | null;
  /** Of the successful attempt; null without streaming. */
  readonly firstTokenMs: number | null;
}

/** Identifies a cell. */
export interface CellKey {
  readonly sampleId: string;
  readonly modelId: string;
  readonly repeat: number;
}

/** The parts of a sample that tables show; each journal line holds them, so it can be read without the manifest. */
export interface SampleCard extends MediaOfCard {
  /** Text of the user message to answer. */
  readonly prompt: string;
  readonly target: readonly string[];
  readonly group: string | null;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** One user turn of a `turns` sample, and what the model answered to it. */
export interface TurnResult extends MediaOfCard, Pick<SampleCard, 'prompt' | 'target'> {
  /** null = no answer: this turn failed, or an earlier one did. */
  readonly reply: TurnReply | null;
}

/** The answer to one turn, measured by itself. */
export interface TurnReply {
  /** null = not known, in results of earlier versions. */
  readonly outcome: Exclude<Outcome, 'filtered' | 'unparsed'> | null;
  /** null = not known, as above. */
  readonly finishReason: FinishReason | null;
  /** Weighted mean of the scores of this turn; null = not scored, or another outcome than `answered`. */
  readonly score: number | null;
  /** Of the successful attempt; null = the answer comes from the cache, or it is not known. */
  readonly latencyMs: number | null;
  /** null = unpriced, or no usage; 0 = from the cache. */
  readonly costUsd: number | null;
  /** Only where the cell failed at a later turn: a completed cell has all answers in members of its own. */
  readonly answer?: string;
  /** What the model thought before that answer. */
  readonly thinking?: string;
}

/** What the model did; a missing answer has no outcome. */
export type Outcome = 'answered' | 'refused' | 'filtered' | 'truncated' | 'unparsed';

/** Tokens that were estimated before a cell was sent, over all turns. */
export interface ExpectedTokens {
  readonly text: number;
  /** Tokens of the chat template. */
  readonly template: number;
  readonly image: number;
  readonly audio: number;
  readonly completion: number;
}

/** How one set of scores judges a cell. */
export interface CellScores {
  /** `run`, or the name that `earsight score` gave. */
  readonly set: string;
  /** Acceptable answers, which may have been corrected. */
  readonly target: readonly string[];
  /** See `Result`. */
  readonly sampleKey: string;
  readonly scorers: readonly string[];
  readonly outcome: Outcome | null;
  readonly score: number | null;
  readonly scores: readonly Score[];
}

interface ResultFacts extends CellKey {
  readonly sampleIndex: number;
  /** Line of the sample in the manifest, from 1; absent in runs of versions that did not record it. */
  readonly sampleLine?: number;
  /** Hash of id, media and target; pairs samples between runs. */
  readonly sampleKey: string;
  /** Hash of everything that is sent; used by cache and resume. */
  readonly requestHash: string;
  readonly sample: SampleCard;
  readonly attempts: number;
  readonly timing: Timing;
  /** Sum over turns; null = not reported. */
  readonly usage: Usage | null;
  /** Usage of each request, when there was more than one: the price of a request may depend on its length. */
  readonly usages?: readonly (Usage | null)[];
  /** null = unpriced, or no usage. */
  readonly costUsd: number | null;
  /** Of a `turns` sample, all its turns in order; absent in results of earlier versions. */
  readonly turns?: readonly TurnResult[];
  /**
   * What a budget counts for this result, when it differs from `costUsd`. It is the upper bound when failed calls may have
   * been billed (only in runs with a budget), without the turns that an earlier result of the cell already counts.
   */
  readonly assumedCostUsd?: number;
  /** Media that the model's settings changed before they were sent; absent = none, or not recorded. */
  readonly sentMedia?: readonly SentMedia[];
  /** The answer comes from another run, which paid for it. */
  readonly replayed?: true;
  /** The provider's batch that it came from: it has no latency, and the batch discount. Absent = it was asked by itself. */
  readonly batchId?: string;
  /** Source of the split by modality; null without tokens. */
  readonly tokensSource: 'endpoint' | 'estimate' | null;
  /** Absent when the run made no estimates, or the endpoint reported nothing to compare with. */
  readonly estimate?: ExpectedTokens;
  /** Length of the clips of the sample, as measured in the files; absent = there is none, or it is not known. */
  readonly clipSeconds?: number;
  readonly servedModel: string | null;
  readonly requestId: string | null;
  /** Names of the scorers that apply to the sample; empty = it is not scored. */
  readonly scorers: readonly string[];
  /** Weighted mean of the values of `scores`; null when unscored and for every outcome but `answered`. */
  readonly score: number | null;
  readonly scores: readonly Score[];
  /** Only in reports of runs that were scored again: all sets, the run's own first. The members above are of the set in use. */
  readonly scoreSets?: readonly CellScores[];
}

/** The sound of a spoken answer: `media/<sha256>.<extension>` in the run's folder, see `soundFile`. */
export interface KeptSound {
  /** Lower-case hex of the bytes. */
  readonly sha256: string;
  /** IANA name, from the bytes where they tell. */
  readonly mediaType: string;
  readonly byteLength: number;
  /** Absent = not known. */
  readonly seconds?: number;
  /** The file could not be written; the transcript is the answer all the same. */
  readonly isLost?: true;
}

/** The result of a cell: an answer and a failure are different types. */
export type Result =
  | (ResultFacts & {
      readonly status: 'completed';
      readonly outcome: Exclude<Outcome, 'filtered'>;
      /** What is scored: without thinking, unless the model's `thinking` is `inAnswer`. */
      readonly answer: string;
      /** What the model thought before its answer; absent = nothing, or it is part of the answer. */
      readonly thinking?: string;
      readonly finishReason: FinishReason;
      /** Earlier answers of a `turns` sample, in order. */
      readonly earlierAnswers?: readonly string[];
      /** Thinking before each of the earlier answers, null = none; absent = none before any. */
      readonly earlierThinking?: readonly (string | null)[];
      /**
       * All answers with their thinking as they came, in order; null = it follows from answer and thinking. Absent = all
       * do.
       */
      readonly asSent?: readonly (string | null)[];
      /** Of the answer, when it was spoken. */
      readonly sound?: KeptSound;
      /** Of the earlier answers, null = not spoken; absent = none was. */
      readonly earlierSounds?: readonly (KeptSound | null)[];
      /** Original latency of an answer from the cache; `timing` then has no latency, and `costUsd` covers only what was sent. */
      readonly cachedLatencyMs?: number;
    })
  | (ResultFacts & {
      readonly status: 'failed';
      /** `filtered` for kind `content_filter`, else null. */
      readonly outcome: 'filtered' | null;
      readonly failure: Failure;
    })
  | (ResultFacts & { readonly status: 'skipped'; readonly outcome: null; readonly failure: Failure });

/** Counts and times that add up over the requests of one cell. */
export interface Clocks {
  attempts: number;
  /** Failed attempts that the endpoint may have billed without reporting it. */
  unseenBills: number;
  retryWaitMs: number;
  /** Monotonic time of the first attempt in milliseconds; null before it. */
  firstSentAt: number | null;
  /** ISO 8601 UTC time of the last attempt. */
  startedAt: string | null;
}

/** One answer with its times. */
export interface Answer {
  /** The sound is kept as a file. */
  readonly completion: Omit<Completion, 'sound'>;
  /** Of a spoken answer. */
  readonly sound?: KeptSound;
  /** Of the successful attempt alone. */
  readonly latencyMs: number;
  readonly firstTokenMs: number | null;
  /** The answer comes from the cache; the latency is the original one. */
  readonly fromCache?: true;
  /** An earlier result of the same cell already counts its cost. */
  readonly isCounted?: true;
}
