/** What a run that stops when its comparisons are decided says of them. */

/** How a run that stops when its comparisons are decided asks its samples, and what was decided. */
export interface StoppingInfo {
  /** Of the order of the samples. */
  readonly seed: number;
  /** Differences up to this one do not matter, above 0 and at most 1; null = every difference matters. */
  readonly margin: number | null;
  /** Of all comparisons together. */
  readonly alpha: number;
  /** The first model against each of the others, and models that were made of another one against it; absent = the run has not ended. */
  readonly decisions?: readonly StoppingDecision[];
}

/** What a run found of model B against model A, by `score_all`, while it was running. */
export interface StoppingDecision {
  readonly a: string;
  readonly b: string;
  /** `better`, `worse`: B is. `within`: they differ by at most the margin. `open`: not decided. */
  readonly conclusion: 'better' | 'worse' | 'within' | 'open';
  /** Length of the prefix of the order that was used; of these, samples that both models have a score of, and the others. */
  readonly samples: number;
  readonly pairs: number;
  readonly dropped: number;
  /** B - A over these pairs; null = there are none. */
  readonly difference: number | null;
  /** Of the mean over all samples of the manifest, valid whenever the run stops. */
  readonly ciLow: number;
  readonly ciHigh: number;
}
