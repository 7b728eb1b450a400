/** Percentiles with their confidence intervals. */

import { CONFIDENCE, type Estimate, withoutInterval } from './estimate.ts';

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the default of R and NumPy). */
export function percentile(sorted: ArrayLike<number>, fraction: number): number | null {
  if (sorted.length === 0) return null;
  const rank = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? below;
  return below + (rank - Math.floor(rank)) * (above - below);
}

/**
 * A percentile of ascending values with the distribution-free interval between two order statistics
 * (Conover 1999, 3.2; as `scipy.stats.quantile_test`). A bound is null when there are too few values for it: with 50
 * latencies the 99th percentile has a lower bound only.
 */
export function estimatePercentile(sorted: ArrayLike<number>, fraction: number, confidence = CONFIDENCE): Estimate {
  const n = sorted.length;
  const value = percentile(sorted, fraction);
  if (value === null) return withoutInterval(n, value);
  const [lowRank, highRank] = binomialQuantiles(n, fraction, confidence);
  const ciLow = sorted[lowRank - 1] ?? null;
  const ciHigh = sorted[highRank] ?? null;
  if (ciLow === null && ciHigh === null) return withoutInterval(n, value);
  return { n, value, ciLow, ciHigh, ciMethod: 'order-statistics' };
}

/** Terms smaller than this relative to the largest do not change a sum of doubles. */
const NEGLIGIBLE = 1e-20;

/** The interval that holds a binomial count with at least the confidence; each tail holds at most half of the rest. */
function binomialQuantiles(n: number, p: number, confidence: number): readonly [low: number, high: number] {
  const tail = (1 - confidence) / 2;
  const mode = Math.min(n, Math.floor((n + 1) * p));
  // Probabilities relative to that of the mode, computed from term to term: factorials would overflow.
  const weights = new Map([[mode, 1]]);
  let weight = 1;
  for (let k = mode; k > 0 && weight > NEGLIGIBLE; k -= 1) {
    weight *= (k / (n - k + 1)) * ((1 - p) / p);
    weights.set(k - 1, weight);
  }
  weight = 1;
  for (let k = mode; k < n && weight > NEGLIGIBLE; k += 1) {
    weight *= ((n - k) / (k + 1)) * (p / (1 - p));
    weights.set(k + 1, weight);
  }
  const counts = [...weights.keys()].sort((a, b) => a - b);
  const total = counts.reduce((sum, k) => sum + (weights.get(k) ?? 0), 0);
  let cumulative = 0;
  let low: number | undefined;
  for (const k of counts) {
    cumulative += (weights.get(k) ?? 0) / total;
    if (low === undefined && cumulative >= tail) low = k;
    if (cumulative >= 1 - tail) return [low ?? k, k];
  }
  return [low ?? 0, n];
}
