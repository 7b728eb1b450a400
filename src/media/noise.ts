/** Normally distributed noise that a seed repeats. */

import { hash } from 'node:crypto';
import { normalQuantile } from '../stats/distributions/normal-quantile.ts';
import { createRandom } from '../stats/random.ts';

/** Values of the table: the largest is 4.3 standard deviations. */
const QUANTILES = 2 ** 16;

let table: Float32Array | undefined;

/** Quantiles in equal steps of probability: an image takes millions of values. */
function quantiles(): Float32Array {
  table ??= Float32Array.from({ length: QUANTILES }, (_, index) => normalQuantile((index + 0.5) / QUANTILES));
  return table;
}

/** Returns a source of values with mean 0 and deviation 1. `key` names the medium: each has noise of its own. */
export function createNoise(seed: number, key: string): () => number {
  const values = quantiles();
  const random = createRandom(Number.parseInt(hash('sha256', `${seed} ${key}`).slice(0, 12), 16));
  let bits = 0;
  let isHalf = false;
  return () => {
    isHalf = !isHalf;
    if (isHalf) bits = random();
    return values[isHalf ? bits >>> 16 : bits & 0xffff] ?? 0;
  };
}
