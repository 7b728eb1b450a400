/** The permutation test of differences on the same samples. */

import { requireCount } from './check-arguments.ts';
import { type Clusters, sumClusters } from './clusters.ts';
import type { PairedTest } from './mcnemar.ts';
import { FEW } from './methods.ts';
import { createRandom } from './random.ts';

/** What the test found, and how. */
export interface SignFlipTest extends PairedTest {
  /** Whether all sign vectors were enumerated. */
  readonly isExact: boolean;
}

export interface SignFlipOptions {
  /** Differences with the same id change their signs together. */
  readonly clusters?: Clusters;
  /** Of the random sign vectors; see `createRandom`. */
  readonly seed: number;
  /** Random sign vectors. */
  readonly resamples?: number;
}

const RESAMPLES = 9999;

/** Sums this close, relative to the sum of absolute differences, are equal but for rounding. */
const ROUNDING = 1e-12;

/**
 * Sign-flip (Fisher-Pitman) permutation test of the sum of differences: without a difference between the models each
 * sign is as likely as its opposite (Fisher 1935, "The Design of Experiments", section 21). All sign vectors of up to 20
 * differences other than 0 are enumerated; above that p = (hits + 1) / (resamples + 1) over seeded random ones
 * (Phipson and Smyth 2010), which never is 0. Without a difference other than 0 every p is 1. null = no differences.
 */
export function signFlip(
  differences: ArrayLike<number>,
  { clusters, seed, resamples = RESAMPLES }: SignFlipOptions,
): SignFlipTest | null {
  requireCount('resamples', resamples, 1);
  const sums = sumClusters(differences, clusters ?? null).filter((sum) => sum !== 0);
  if (differences.length === 0) return null;
  // In one order, so that the random test does not depend on the order of the samples.
  sums.sort();
  return sums.length <= FEW ? enumerate(sums) : sample(sums, seed, resamples);
}

/** Sums that are at least as low, as high and as far from 0 as the observed one. */
function createHits(sums: Float64Array) {
  const observed = sums.reduce((total, sum) => total + sum, 0);
  const slack = ROUNDING * sums.reduce((total, sum) => total + Math.abs(sum), 0);
  const hits = { low: 0, high: 0, far: 0 };
  const count = (sum: number) => {
    if (sum <= observed + slack) hits.low += 1;
    if (sum >= observed - slack) hits.high += 1;
    if (Math.abs(sum) >= Math.abs(observed) - slack) hits.far += 1;
  };
  return { hits, count };
}

function enumerate(sums: Float64Array): SignFlipTest {
  const { hits, count } = createHits(sums);
  // Each difference doubles the list: the sums so far with its sign kept, then with its sign flipped.
  const flipped = new Float64Array(2 ** sums.length);
  flipped[0] = sums.reduce((total, sum) => total + sum, 0);
  for (const [index, sum] of sums.entries()) {
    const known = 2 ** index;
    for (let vector = 0; vector < known; vector += 1) flipped[known + vector] = (flipped[vector] ?? 0) - 2 * sum;
  }
  flipped.forEach(count);
  const share = (found: number) => found / flipped.length;
  return { pTwoSided: share(hits.far), pLess: share(hits.low), pGreater: share(hits.high), isExact: true };
}

function sample(sums: Float64Array, seed: number, resamples: number): SignFlipTest {
  const { hits, count } = createHits(sums);
  const random = createRandom(seed);
  for (let resample = 0; resample < resamples; resample += 1) {
    let total = 0;
    let bits = 0;
    for (let index = 0; index < sums.length; index += 1) {
      bits = index % 32 === 0 ? random() : bits >>> 1;
      const sum = sums[index] ?? 0;
      total += (bits & 1) === 0 ? sum : -sum;
    }
    count(total);
  }
  const share = (found: number) => (found + 1) / (resamples + 1);
  return { pTwoSided: share(hits.far), pLess: share(hits.low), pGreater: share(hits.high), isExact: false };
}
