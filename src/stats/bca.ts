/** The bias-corrected and accelerated bootstrap interval. */

import { requireCount, requireSameLength } from './check-arguments.ts';
import { type Clusters, sumClusters } from './clusters.ts';
import { normalCumulative } from './distributions/normal-cumulative.ts';
import { normalQuantile } from './distributions/normal-quantile.ts';
import { CONFIDENCE, type Estimate, requireConfidence, withoutInterval } from './estimate.ts';
import { percentile } from './percentile.ts';
import { createRandom, type RandomBits, randomBelow } from './random.ts';

export interface BootstrapOptions {
  /** Of the resamples; see `createRandom`. */
  readonly seed: number;
  /** Makes the figure a rate: sum of values over sum of denominators, which are not negative. */
  readonly denominators?: ArrayLike<number>;
  /** Values with the same id are drawn together. */
  readonly clusters?: Clusters;
  readonly resamples?: number;
  readonly confidence?: number;
}

const RESAMPLES = 10_000;

/** Resampled figures this close to the figure, relative to it, equal it but for rounding. */
const ROUNDING = 1e-12;

/** What is drawn: clusters, or values on their own. */
interface Units {
  readonly numerators: Float64Array;
  /** null = each is 1. */
  readonly denominators: Float64Array | null;
}

/**
 * BCa interval of a mean or of a rate (Efron 1987, "Better bootstrap confidence intervals"; Efron and Tibshirani 1993,
 * section 14.3). Bias correction counts resampled figures equal to the figure half; acceleration is from the jackknife;
 * bounds are type-7 percentiles of the resampled figures. The order of the values does not matter.
 * null bounds = no values, no denominator, fewer than two values or clusters, or no spread.
 */
export function estimateBca(values: ArrayLike<number>, options: BootstrapOptions): Estimate {
  const { seed, resamples = RESAMPLES, confidence = CONFIDENCE } = options;
  requireCount('resamples', resamples, 1);
  requireConfidence(confidence);
  const n = values.length;
  const units = unitsOf(values, options);
  const count = units.numerators.length;
  const value = figureOf(units);
  if (n === 0) return withoutInterval(n, null, 'no values');
  if (value === null) return withoutInterval(n, null, 'no denominator');
  if (count < 2) return withoutInterval(n, value, n > 1 ? 'one cluster' : 'n too small');
  const influence = jackknife(units, value);
  if (influence === null) return withoutInterval(n, value, 'no spread');
  const figures = resample(units, createRandom(seed), resamples).sort();
  const bias = normalQuantile(shareBelow(figures, value));
  const bound = (tail: number) => {
    const shifted = bias + normalQuantile(tail);
    return percentile(figures, normalCumulative(bias + shifted / (1 - influence * shifted)));
  };
  const [ciLow, ciHigh] = [bound((1 - confidence) / 2), bound((1 + confidence) / 2)];
  return { n, value, ciLow, ciHigh, ciMethod: 'bca', reason: null };
}

function unitsOf(values: ArrayLike<number>, { denominators, clusters }: BootstrapOptions): Units {
  const numerators = sumClusters(values, clusters ?? null);
  if (denominators === undefined && clusters === undefined)
    return { numerators: numerators.sort(), denominators: null };
  requireSameLength('denominators', denominators?.length ?? values.length, values.length);
  const ones = denominators ?? new Float64Array(values.length).fill(1);
  for (let index = 0; index < ones.length; index += 1) {
    if ((ones[index] ?? 0) < 0) throw new RangeError(`denominators[${index}] is negative`);
  }
  const sums = sumClusters(ones, clusters ?? null);
  const order = Array.from(numerators.keys()).sort(
    (a, b) => (numerators[a] ?? 0) - (numerators[b] ?? 0) || (sums[a] ?? 0) - (sums[b] ?? 0),
  );
  const ordered = (list: Float64Array) => Float64Array.from(order, (index) => list[index] ?? 0);
  return { numerators: ordered(numerators), denominators: ordered(sums) };
}

const total = (list: Float64Array) => list.reduce((sum, value) => sum + value, 0);

function figureOf({ numerators, denominators }: Units): number | null {
  const denominator = denominators === null ? numerators.length : total(denominators);
  return denominator === 0 ? null : total(numerators) / denominator;
}

/** The acceleration, from the figures without each unit in turn; null = they are all equal. */
function jackknife({ numerators, denominators }: Units, value: number): number | null {
  const [numerator, denominator] = [total(numerators), denominators === null ? numerators.length : total(denominators)];
  // How far the figure falls without a unit; a unit that is the whole denominator leaves no figure.
  const falls = numerators.map((own, index) => {
    const left = denominator - (denominators?.[index] ?? 1);
    return left === 0 ? 0 : value - (numerator - own) / left;
  });
  const mean = total(falls) / falls.length;
  const [squares, cubes] = [2, 3].map((power) => falls.reduce((sum, fall) => sum + (fall - mean) ** power, 0));
  if (squares === undefined || cubes === undefined || Math.sqrt(squares) <= ROUNDING * Math.abs(value)) return null;
  return cubes / (6 * squares ** 1.5);
}

function resample({ numerators, denominators }: Units, random: RandomBits, resamples: number): Float64Array {
  const count = numerators.length;
  const figures = new Float64Array(resamples);
  for (let index = 0; index < resamples; ) {
    let numerator = 0;
    let denominator = denominators === null ? count : 0;
    for (let draw = 0; draw < count; draw += 1) {
      const unit = randomBelow(random, count);
      numerator += numerators[unit] ?? 0;
      if (denominators !== null) denominator += denominators[unit] ?? 0;
    }
    // A rate over nothing is not a figure: draw again.
    if (denominator === 0) continue;
    figures[index] = numerator / denominator;
    index += 1;
  }
  return figures;
}

/** The share of resampled figures below the figure; those equal to it count half. Never 0 or 1. */
function shareBelow(figures: Float64Array, value: number): number {
  const slack = ROUNDING * Math.abs(value);
  let below = 0;
  for (const figure of figures) below += figure < value - slack ? 1 : figure <= value + slack ? 0.5 : 0;
  const least = 0.5 / figures.length;
  return Math.min(1 - least, Math.max(least, below / figures.length));
}
