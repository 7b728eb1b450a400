/** The ratio of two sums with its interval: means, and corpus figures such as errors over reference words. */

import { requireSameLength } from './check-arguments.ts';
import { createClusterSums, type SlotOf } from './cluster-sums.ts';
import type { ClusterId, Clusters } from './clusters.ts';
import { studentTQuantile } from './distributions/student-t.ts';
import { CONFIDENCE, type Estimate, type NoBound, requireConfidence, withoutInterval } from './estimate.ts';

/** The sampling error of a ratio. */
export interface RatioError {
  /** null = no figure, or fewer than two clusters; 0 = no spread. */
  readonly standardError: number | null;
  /** Clusters less 1. */
  readonly degreesOfFreedom: number;
  /** Whether any label occurred twice. */
  readonly isClustered: boolean;
  /** Why there is no interval; null = there is one. */
  readonly reason: NoBound | null;
}

/** A ratio to which observations are added one by one; memory grows only with the number of labelled clusters. */
export interface RatioSums {
  /** Throws a RangeError unless both figures are finite. */
  add(numerator: number, denominator: number, cluster: ClusterId): void;
  readonly n: () => number;
  /** Number of independent units: clusters, and observations without a label. */
  readonly independent: () => number;
  /** Whether any label occurred twice. */
  readonly haveRepeats: () => boolean;
  /** null = the denominators sum to 0. */
  value(): number | null;
  error(): RatioError;
  estimate(confidence?: number): Estimate;
}

/** Rounding error between equal ratios, relative to the figure. */
const ROUNDING = 1e-12;

/**
 * Sum of numerators divided by sum of denominators. Its standard error is that of the residuals summed per cluster, with
 * the finite-cluster factor C/(C-1) (Miller 2024, arXiv 2411.00640, appendix A, with that factor). With one observation per
 * cluster and denominators of 1 it equals s / sqrt(n), with n-1 in s. The interval is Student's t with C-1 degrees of
 * freedom. Without spread, or with one cluster, there is no interval: it would have a width of 0.
 */
export function createRatio(slotOf?: SlotOf): RatioSums {
  const clusters = createClusterSums(slotOf);
  /** The ratio of the first observation with a denominator; residuals from it are close to zero, so that squares keep their precision. */
  let base: number | null = null;
  let n = 0;
  let alone = 0;
  let numerators = 0;
  let denominators = 0;
  /** Sums over observations without a label: products of residual r and denominator d. */
  let rr = 0;
  let rd = 0;
  let dd = 0;
  const independent = () => alone + clusters.size();
  const ratioOf = () => (denominators === 0 ? null : numerators / denominators);

  /** Sum of the squared residuals of all clusters. */
  const squaresAround = (value: number) => {
    const shift = value - (base ?? 0);
    return Math.max(0, rr - 2 * shift * rd + shift * shift * dd + clusters.squares(shift));
  };

  const errorOf = (): RatioError => {
    const count = independent();
    const common = { degreesOfFreedom: Math.max(0, count - 1), isClustered: n > count };
    const value = ratioOf();
    if (n === 0) return { ...common, standardError: null, reason: 'no values' };
    if (value === null) return { ...common, standardError: null, reason: 'no denominator' };
    if (count < 2) return { ...common, standardError: null, reason: n > 1 ? 'one cluster' : 'n too small' };
    const error = Math.sqrt((count / (count - 1)) * squaresAround(value)) / Math.abs(denominators);
    if (error <= ROUNDING * Math.abs(value)) return { ...common, standardError: 0, reason: 'no spread' };
    return { ...common, standardError: error, reason: null };
  };

  return {
    add(numerator, denominator, cluster) {
      if (!Number.isFinite(numerator) || !Number.isFinite(denominator)) {
        throw new RangeError(`value ${n} is ${numerator} over ${denominator}; every value must be a finite number`);
      }
      base ??= denominator === 0 ? null : numerator / denominator;
      const residual = numerator - (base ?? 0) * denominator;
      n += 1;
      numerators += numerator;
      denominators += denominator;
      if (cluster === null) {
        alone += 1;
        rr += residual * residual;
        rd += residual * denominator;
        dd += denominator * denominator;
        return;
      }
      clusters.add(cluster, residual, denominator);
    },
    n: () => n,
    independent,
    haveRepeats: () => n > independent(),
    value: ratioOf,
    error: errorOf,
    estimate(confidence = CONFIDENCE) {
      requireConfidence(confidence);
      const value = ratioOf();
      const { standardError, degreesOfFreedom, isClustered, reason } = errorOf();
      if (value === null || standardError === null || reason !== null) return withoutInterval(n, value, reason);
      const half = studentTQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
      const ciMethod = isClustered ? 'clustered-t' : 't';
      return { n, value, ciLow: value - half, ciHigh: value + half, ciMethod, reason };
    },
  };
}

/** The sums of a list; without denominators each is 1, so that the ratio is the mean. */
export function sumRatio(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number> | null,
  clusters: Clusters | null,
): RatioSums {
  if (denominators !== null) requireSameLength('denominators', denominators.length, numerators.length);
  if (clusters !== null) requireSameLength('clusters', clusters.length, numerators.length);
  const ratio = createRatio();
  for (let index = 0; index < numerators.length; index += 1) {
    ratio.add(numerators[index] ?? 0, denominators?.[index] ?? 1, clusters?.[index] ?? null);
  }
  return ratio;
}

/** `createRatio` over lists. */
export function estimateRatio(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  clusters: Clusters | null = null,
  confidence = CONFIDENCE,
): Estimate {
  return sumRatio(numerators, denominators, clusters).estimate(confidence);
}
