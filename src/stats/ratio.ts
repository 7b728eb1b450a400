/** The ratio of two sums with its interval: means, and corpus figures such as errors over reference words. */

import { type Clusters, clusterSums, haveRepeats } from './clusters.ts';
import { CONFIDENCE, type Estimate, withoutInterval } from './estimate.ts';
import { studentTQuantile } from './student-t.ts';
import { sum } from './sum.ts';

/** Rounding leaves equal ratios this far apart, relative to the figure. */
const ROUNDING = 1e-12;

/**
 * Sum of numerators over sum of denominators. Its standard error is that of the summed residuals per cluster, with the
 * finite-cluster factor C/(C-1) (Miller 2024, arXiv 2411.00640, appendix A, with that factor; for one observation a
 * cluster and denominators of 1 it is s / sqrt(n) with n-1), its interval Student's t with C-1 degrees of freedom.
 * Without spread, or with one cluster, there is no interval: certainty would be false.
 */
export function estimateRatio(
  numerators: readonly number[],
  denominators: readonly number[],
  clusters: Clusters = [],
  confidence = CONFIDENCE,
): Estimate {
  const n = numerators.length;
  const total = sum(denominators);
  if (total === 0) return withoutInterval(n, null);
  const value = sum(numerators) / total;
  const residuals = numerators.map((numerator, index) => numerator - value * (denominators[index] ?? 0));
  const sums = clusterSums(residuals, clusters);
  const squares = sum(sums.map((residual) => residual * residual));
  const error = Math.sqrt((sums.length / (sums.length - 1)) * squares) / total;
  if (sums.length < 2 || error <= ROUNDING * Math.abs(value)) return withoutInterval(n, value);
  const half = studentTQuantile((1 + confidence) / 2, sums.length - 1) * error;
  const ciMethod = haveRepeats(clusters) ? 'clustered-t' : 't';
  return { n, value, ciLow: value - half, ciHigh: value + half, ciMethod };
}
