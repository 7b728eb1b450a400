/** The comparison of models that a report shows. */

import type { Frontier } from './frontier-report.ts';
import type { StressCurve } from './stress-report.ts';

/** How a model differs from the one that it is compared with, on the samples that both have. */
export interface ModelDifference {
  readonly model: string;
  readonly base: string;
  readonly pairs: number;
  /** Of scores, from -1 to 1; null = no pairs. */
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Adjusted for the number of comparisons; null = not tested. */
  readonly pAdjusted: number | null;
  /** Samples where this model scored higher, and lower. */
  readonly better: number;
  readonly worse: number;
}

/** The models of a run compared on the same samples. */
export interface ReportComparison {
  /** What the comparison found, as sentences. */
  readonly verdict: readonly string[];
  readonly method: string;
  readonly differences: readonly ModelDifference[];
  /** Of models with variants; absent = there are none. */
  readonly frontiers?: readonly Frontier[];
  /** Of models with steps of a stress test; absent = there are none. */
  readonly stress?: readonly StressCurve[];
}
