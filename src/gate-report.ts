/** What a gate found: written by `gate/`, shown by reporters. */

import type { Result } from './result.ts';

/** From best to worst. */
export const VERDICTS = ['pass', 'inconclusive', 'missed', 'regressed', 'unjudged'] as const;

/**
 * - `pass`: no worse than the limit allows, as far as the samples can show
 * - `inconclusive`: neither a regression nor its absence is shown
 * - `missed`: a figure is beyond its `min`, `max` or `maxIncrease`
 * - `regressed`: worse than the baseline by at least the margin, and not by chance
 * - `unjudged`: too many answers are missing, or there is no such figure
 */
export type Verdict = (typeof VERDICTS)[number];

export type GateLevel = 'warn' | 'error';

/** The limit of a gate; shares and increases are fractions. */
export interface GateLimit {
  readonly type: 'margin' | 'min' | 'max' | 'maxIncrease';
  readonly value: number;
}

/** One limit of one gate for one model. */
export interface GateResult {
  readonly model: string;
  /** As in the configuration. */
  readonly metric: string;
  readonly level: GateLevel;
  readonly limit: GateLimit;
  readonly verdict: Verdict;
  /** Of the run; on the common samples if it is compared with a baseline. null = not measured. */
  readonly value: number | null;
  /** null = not measured, or not compared. */
  readonly baseline: number | null;
  /** How much worse: a difference of scores, or a relative increase. Negative = better; null = not compared. */
  readonly loss: number | null;
  /** 95 % sure that the loss is not larger; null = not known. */
  readonly lossAtMost: number | null;
  /** One-sided, and adjusted by Holm's method over the gates of this level; null = not tested. */
  readonly p: number | null;
  readonly pHolm: number | null;
  /** Samples that were compared, or that the figure is of. */
  readonly n: number;
  /** Common samples that lack the figure on either side. */
  readonly dropped: number;
  /** What was found, one sentence. */
  readonly message: string;
  /** What to do; absent = nothing. */
  readonly hint?: string;
}

/** A sample on which a model is worse than in the baseline. */
export interface WorseSample {
  readonly model: string;
  readonly sampleId: string;
  /** Means over repeats, from 0 to 1. */
  readonly baseline: number;
  readonly run: number;
  /** Line in the manifest; null = not known. */
  readonly line: number | null;
}

/** Means of a cell on the common samples; null = not measured. */
export interface Spending {
  readonly model: string;
  readonly costUsd: { readonly baseline: number | null; readonly run: number | null };
  readonly promptTokens: { readonly baseline: number | null; readonly run: number | null };
  readonly completionTokens: { readonly baseline: number | null; readonly run: number | null };
}

export interface GateReport {
  /** The set of scores that was judged; null = the run has only its own. */
  readonly scoreSet: string | null;
  /** The worst of the gates at level `error`. */
  readonly verdict: Verdict;
  /** null = only limits that need no baseline. */
  readonly baseline: {
    /** As the user named it. */
    readonly file: string;
    readonly createdAt: string;
    readonly runs: number;
    /** Samples in the baseline, and those of them that the run has unchanged. */
    readonly samples: number;
    readonly common: number;
  } | null;
  readonly results: readonly GateResult[];
  /** What differs between the baseline and the run, and what was not judged; one sentence each. */
  readonly notes: readonly string[];
  /** Of models that regressed, the worst first. */
  readonly worse: readonly WorseSample[];
  /** Samples that are worse, by model that regressed. */
  readonly worseCounts: Readonly<Record<string, number>>;
  readonly spending: readonly Spending[];
}

/** The scores of a baseline, whose file is as the user named it. */
export interface ReportBaseline {
  readonly file: string;
  /** Mean over repeats of `score_all`; null = none, or the sample had other media or targets. */
  scoreOf(sample: Pick<Result, 'sampleId' | 'sampleKey'>, modelId: string): number | null;
}
