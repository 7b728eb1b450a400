/** The t test of differences on the same samples. */

import type { Clusters } from './clusters.ts';
import { studentTAbove } from './distributions/student-t.ts';
import { CONFIDENCE, type Interval, noInterval } from './estimate.ts';
import type { PairedTest } from './mcnemar.ts';
import { sumRatio } from './ratio.ts';

/** A mean difference, its interval and its test. */
export interface PairedT extends Interval {
  readonly n: number;
  /** null = no differences. */
  readonly difference: number | null;
  /** null = fewer than two differences or clusters. */
  readonly standardError: number | null;
  /** Clusters less 1. */
  readonly degreesOfFreedom: number;
  /** null = no standard error above 0. */
  readonly t: number | null;
  /** null = cannot be tested, see `reason`; equal differences other than 0 never give a p of 0. */
  readonly test: PairedTest | null;
}

/** No difference at all is no evidence of one. */
const NO_EVIDENCE: PairedTest = { pTwoSided: 1, pLess: 1, pGreater: 1 };

/**
 * Paired t test (Student 1908; Miller 2024, arXiv 2411.00640, section 4) on one difference A - B a sample, with
 * clustered standard errors and C-1 degrees of freedom when ids repeat (appendix A).
 * Average repeats first. Throws a RangeError unless all differences are finite.
 */
export function pairedT(
  differences: ArrayLike<number>,
  clusters: Clusters | null = null,
  confidence = CONFIDENCE,
): PairedT {
  const sums = sumRatio(differences, null, clusters);
  const { value, n, ciLow, ciHigh, reason } = sums.estimate(confidence);
  const { standardError, degreesOfFreedom, isClustered } = sums.error();
  const common = { n, difference: value, standardError, degreesOfFreedom };
  if (value === null || standardError === null || reason !== null) {
    const areZero = n > 0 && Array.prototype.every.call(differences, (difference: number) => difference === 0);
    return { ...common, t: null, test: areZero ? NO_EVIDENCE : null, ...noInterval(reason) };
  }
  const t = value / standardError;
  const [above, below] = [studentTAbove(t, degreesOfFreedom), studentTAbove(-t, degreesOfFreedom)];
  return {
    ...common,
    t,
    test: { pTwoSided: Math.min(1, 2 * Math.min(above, below)), pLess: below, pGreater: above },
    ciLow,
    ciHigh,
    ciMethod: isClustered ? 'clustered-paired-t' : 'paired-t',
    reason,
  };
}
