/** The ratio of two sums with its interval: means, and corpus figures such as errors over reference words. */

import { CONFIDENCE, type Estimate, withoutInterval } from './estimate.ts';
import { studentTQuantile } from './distributions/student-t.ts';

/** One cluster label per observation; null = an independent observation. */
export type Clusters = readonly (string | null)[];

/** A ratio to which observations are added one by one; memory grows only with the number of labelled clusters. */
export interface RatioSums {
  /** Observations with the same label are not independent, e.g. questions about the same image, clip or document. */
  add(numerator: number, denominator: number, cluster: string | null): void;
  readonly n: () => number;
  /** Number of independent units: clusters, and observations without a label. */
  readonly independent: () => number;
  /** Whether any label occurred twice. */
  readonly haveRepeats: () => boolean;
  estimate(confidence?: number): Estimate;
}

/** Rounding error between equal ratios, relative to the figure. */
const ROUNDING = 1e-12;

interface Sums {
  /** Sum of numerator minus `base` times denominator: close to zero, so that squares keep their precision. */
  residual: number;
  denominator: number;
  n: number;
}

/**
 * Sum of numerators divided by sum of denominators. Its standard error is that of the residuals summed per cluster, with
 * the finite-cluster factor C/(C-1) (Miller 2024, arXiv 2411.00640, appendix A, with that factor). With one observation per
 * cluster and denominators of 1 it equals s / sqrt(n), with n-1 in s. The interval is Student's t with C-1 degrees of
 * freedom. Without spread, or with one cluster, there is no interval: it would have a width of 0.
 */
export function createRatio(): RatioSums {
  const clusters = new Map<string, Sums>();
  /** The ratio of the first observation with a denominator; residuals are measured from it. */
  let base: number | null = null;
  let n = 0;
  let alone = 0;
  let numerators = 0;
  let denominators = 0;
  /** Sums over observations without a label: products of residual r and denominator d. */
  let rr = 0;
  let rd = 0;
  let dd = 0;

  return {
    add(numerator, denominator, cluster) {
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
      const sums = clusters.get(cluster) ?? { residual: 0, denominator: 0, n: 0 };
      clusters.set(cluster, sums);
      sums.residual += residual;
      sums.denominator += denominator;
      sums.n += 1;
    },
    n: () => n,
    independent: () => alone + clusters.size,
    haveRepeats: () => n > alone + clusters.size,
    estimate(confidence = CONFIDENCE) {
      if (denominators === 0) return withoutInterval(n, null);
      const value = numerators / denominators;
      const shift = value - (base ?? 0);
      let squares = rr - 2 * shift * rd + shift * shift * dd;
      for (const { residual, denominator } of clusters.values()) squares += (residual - shift * denominator) ** 2;
      const count = alone + clusters.size;
      const error = Math.sqrt((count / (count - 1)) * Math.max(0, squares)) / Math.abs(denominators);
      if (count < 2 || error <= ROUNDING * Math.abs(value)) return withoutInterval(n, value);
      const half = studentTQuantile((1 + confidence) / 2, count - 1) * error;
      const ciMethod = n > count ? 'clustered-t' : 't';
      return { n, value, ciLow: value - half, ciHigh: value + half, ciMethod };
    },
  };
}

/** `createRatio` over lists. */
export function estimateRatio(
  numerators: readonly number[],
  denominators: readonly number[],
  clusters: Clusters = [],
  confidence = CONFIDENCE,
): Estimate {
  const ratio = createRatio();
  numerators.forEach((numerator, index) => {
    ratio.add(numerator, denominators[index] ?? 0, clusters[index] ?? null);
  });
  return ratio.estimate(confidence);
}
