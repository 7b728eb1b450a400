/** What cheaper variants of a model lose and save. */

/** One variant of a model, on the samples of the run. */
export interface FrontierPoint {
  /** Id of the model, `<base>@<variant>`, or that of the base for the model as it is. */
  readonly model: string;
  readonly variant: string;
  /** Mean `score_all`; null = nothing is scored. */
  readonly score: number | null;
  /** Variant less reference, on the samples that both have; null = the reference itself, or no pairs. */
  readonly difference: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** Mean of the answers; null = not reported. */
  readonly promptTokens: number | null;
  /** Mean of the answers; null = unpriced. */
  readonly costUsd: number | null;
  /** Part of the reference's cost, or of its prompt tokens, that is saved; below 0 = it takes more; null = not known. */
  readonly saved: number | null;
  /** Whether no other variant has as high a score for less, or a higher one for as much. */
  readonly isBest: boolean;
}

/** The variants of one model. */
export interface Frontier {
  readonly base: string;
  /** The variant that costs most, with which the others are compared. */
  readonly reference: string;
  /** What `saved` is of. */
  readonly by: 'cost' | 'promptTokens';
  /** The dearest first. */
  readonly points: readonly FrontierPoint[];
}
