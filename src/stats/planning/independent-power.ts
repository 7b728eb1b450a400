/** Plans a comparison without pairs: two models on different samples. */

import { requireBetween } from '../check-arguments.ts';
import { noncentralTAbove } from '../distributions/noncentral-t.ts';
import { studentTQuantile } from '../distributions/student-t.ts';
import { fewest } from './fewest.ts';
import { samplesNeededNormal } from './power.ts';

/** The design of a two-sided t test of two groups of equal size. */
export interface IndependentDesign {
  /** Variances of the scores of each model over samples; their sum is above 0. */
  readonly variances: readonly [a: number, b: number];
  readonly alpha: number;
  readonly power: number;
}

/**
 * Samples that each model needs on its own to see `difference` (Cohen 1988, section 2.3; as R's `power.t.test`, which
 * neglects alarms in the wrong direction, too). At least 2.
 */
export function independentSamplesNeeded(difference: number, design: IndependentDesign): number {
  const { variances, alpha, power } = design;
  const variance = variances[0] + variances[1];
  requireBetween('difference', difference, 0, Number.POSITIVE_INFINITY);
  requireBetween('variance', variance, 0, Number.POSITIVE_INFINITY);
  requireBetween('alpha', alpha, 0, 1);
  requireBetween('power', power, alpha, 1);
  const guess = samplesNeededNormal(difference, { deviation: Math.sqrt(variance), alpha, power });
  return fewest(2, guess, (n) => {
    const freedom = 2 * n - 2;
    const effect = difference * Math.sqrt(n / variance);
    return noncentralTAbove(studentTQuantile(1 - alpha / 2, freedom), freedom, effect) >= power;
  });
}
