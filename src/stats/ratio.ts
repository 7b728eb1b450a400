/** The ratio of two sums with its interval: means, and corpus figures such as errors over reference words. */

import { CONFIDENCE, type Estimate, withoutInterval } from './estimate.ts';
import { studentTQuantile } from './student-t.ts';

/** One label an observation; null = on its own. */
export type Clusters = readonly (string | null)[];

/** Sums over observations one by one; memory grows with the labelled clusters only. */
export interface RatioSums {
  /** Observations that share a label are not independent: about the same image, clip or document. */
  add(numerator: number, denominator: number, cluster: string | null): void;
  readonly n: () => number;
  /** Clusters and observations on their own. */
  readonly independent: () => number;
  /** Whether any label stood twice. */
  readonly haveRepeats: () => boolean;
  estimate(confidence?: number): Estimate;
}

/** Rounding leaves equal ratios this far apart, relative to the figure. */
const ROUNDING = 1e-12;

interface Sums {
  /** Of numerator minus `base` times denominator: near zero, so that squares lose nothing. */
  residual: number;
  denominator: number;
  n: number;
}

/**
 * Sum of numerators over sum of denominators. Its standard error is that of the summed residuals per cluster, with the
 * finite-cluster factor C/(C-1) (Miller 2024, arXiv 2411.00640, appendix A, with that factor; for one observation a
 * cluster and denominators of 1 it is s / sqrt(n) with n-1), its interval Student's t with C-1 degrees of freedom.
 * Without spread, or with one cluster, there is no interval: certainty would be false.
 */
export function createRatio(): RatioSums {
  const clusters = new Map<string, Sums>();
  /** A first guess of the ratio that residuals are measured from. */
  let base: number | null = null;
  let n = 0;
  let alone = 0;
  let numerators = 0;
  let denominators = 0;
  /** Over observations on their own: products of residual r and denominator d. */
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
