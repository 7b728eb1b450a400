/** Differences of two models on the same samples. */

import { requireFinite, requireSameLength } from './check-arguments.ts';

/** Averages over repeats that should be equal differ by this at most, relative to them. */
const ROUNDING = 1e-12;

/** a - b of each sample; 0 where only rounding differs, so that such a sample counts as the same. */
export function differences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  requireFinite('a', a);
  requireFinite('b', b);
  requireSameLength('b', b.length, a.length);
  const result = new Float64Array(a.length);
  for (let index = 0; index < a.length; index += 1) {
    const [first, second] = [a[index] ?? 0, b[index] ?? 0];
    const isRounding = Math.abs(first - second) <= ROUNDING * Math.max(Math.abs(first), Math.abs(second));
    result[index] = isRounding ? 0 : first - second;
  }
  return result;
}

/** Sums of one model: errors and reference words of each sample, say. */
export interface Rates {
  readonly numerators: ArrayLike<number>;
  readonly denominators: ArrayLike<number>;
}

/**
 * One figure a sample whose mean is the difference of two pooled rates and whose spread is its sampling error, to first
 * order: the linearised ratio of both (Taylor series; Cochran 1977, "Sampling Techniques", section 6.13).
 * With equal denominators its mean is the sum of a - b over their sum. null = a denominator sums to 0.
 */
export function pooledDifferences(a: Rates, b: Rates): Float64Array | null {
  requireSameLength('b.numerators', b.numerators.length, a.numerators.length);
  const [first, second] = [linearised(a), linearised(b)];
  if (first === null || second === null) return null;
  return differences(first, second);
}

function linearised({ numerators, denominators }: Rates): Float64Array | null {
  requireFinite('numerators', numerators);
  requireFinite('denominators', denominators);
  requireSameLength('denominators', denominators.length, numerators.length);
  const sumOf = (list: ArrayLike<number>) => Array.prototype.reduce.call(list, (sum, value) => sum + value, 0);
  const [numerator, denominator] = [Number(sumOf(numerators)), Number(sumOf(denominators))];
  if (denominator === 0) return null;
  const rate = numerator / denominator;
  const scale = numerators.length / denominator;
  return Float64Array.from(numerators, (own, index) => rate + scale * (own - rate * (denominators[index] ?? 0)));
}
