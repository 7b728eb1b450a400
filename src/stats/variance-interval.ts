/** How far a variance that was estimated from few values may be off. */

import { requireFinite } from './check-arguments.ts';
import { normalQuantile } from './distributions/normal-quantile.ts';
import { CONFIDENCE, requireConfidence } from './estimate.ts';

/** Below this many values the kurtosis says nothing. */
const LEAST = 5;

/**
 * Interval of a variance without the assumption of a normal distribution (Bonett 2006, "Approximate confidence interval for
 * standard deviation of nonnormal distributions"): on the scale of the logarithm, with the kurtosis around a trimmed mean.
 * null = fewer than 5 values, or all are equal.
 */
export function varianceInterval(
  values: ArrayLike<number>,
  confidence = CONFIDENCE,
): readonly [low: number, high: number] | null {
  requireFinite('values', values);
  requireConfidence(confidence);
  const n = values.length;
  if (n < LEAST) return null;
  const sorted = Float64Array.from(values).sort();
  const mean = meanOf(sorted);
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (squares === 0) return null;
  const trimmed = Math.floor(n / (2 * Math.sqrt(n - 4)));
  const middle = meanOf(2 * trimmed < n ? sorted.subarray(trimmed, n - trimmed) : sorted);
  const kurtosis = (n * sorted.reduce((sum, value) => sum + (value - middle) ** 4, 0)) / squares ** 2;
  const z = normalQuantile((1 + confidence) / 2);
  const small = n / Math.max(1, n - z);
  const error = small * Math.sqrt(Math.max(0, kurtosis - (n - 3) / n) / (n - 1));
  const variance = (small * squares) / (n - 1);
  return [variance * Math.exp(-z * error), variance * Math.exp(z * error)];
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
