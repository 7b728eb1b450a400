/** Percentiles with their confidence intervals. */

import { requireFinite } from './check-arguments.ts';
import { CONFIDENCE, type Estimate, requireConfidence, withoutInterval } from './estimate.ts';

/**
 * Linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the default of R and NumPy).
 * Values may be in any order and stay as they are; `fraction` is 0.95 for the 95th percentile. null = no values.
 */
export function percentile(values: ArrayLike<number>, fraction: number): number | null {
  requireFraction(fraction);
  return percentileOfSorted(ascending(values), fraction);
}

/**
 * A percentile with the distribution-free interval between two order statistics (Conover 1999, 3.2; as
 * `scipy.stats.quantile_test`). Values may be in any order and stay as they are. A bound is null when there are too few
 * values for it: with 50 latencies the 99th percentile has a lower bound only.
 */
export function estimatePercentile(values: ArrayLike<number>, fraction: number, confidence = CONFIDENCE): Estimate {
  requireFraction(fraction);
  requireConfidence(confidence);
  const sorted = ascending(values);
  const n = sorted.length;
  const value = percentileOfSorted(sorted, fraction);
  if (value === null) return withoutInterval(n, value, 'no values');
  const [lowRank, highRank] = binomialQuantiles(n, fraction, confidence);
  const [below, above] = [sorted[lowRank - 1], sorted[highRank]];
  // Of two values the larger one bounds the 99th percentile from below, yet interpolation stays just under it.
  const ciLow = below === undefined ? null : Math.min(below, value);
  const ciHigh = above === undefined ? null : Math.max(above, value);
  if (ciLow === null && ciHigh === null) return withoutInterval(n, value, 'n too small');
  const reason = ciLow === null || ciHigh === null ? 'n too small' : null;
  return { n, value, ciLow, ciHigh, ciMethod: 'order-statistics', reason };
}

function requireFraction(fraction: number): void {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`fraction is ${fraction}; it must be from 0 to 1`);
}

/** The values in ascending order: as they are if they are in it, else a copy. */
function ascending(values: ArrayLike<number>): ArrayLike<number> {
  requireFinite('values', values);
  for (let index = 1; index < values.length; index += 1) {
    if ((values[index] ?? 0) < (values[index - 1] ?? 0)) return Float64Array.from(values).sort();
  }
  return values;
}

function percentileOfSorted(sorted: ArrayLike<number>, fraction: number): number | null {
  if (sorted.length === 0) return null;
  const rank = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? below;
  return below + (rank - Math.floor(rank)) * (above - below);
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
