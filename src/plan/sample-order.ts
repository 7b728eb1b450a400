/** The samples of a manifest in a random order that a seed repeats, without holding all of them. */

import { hash } from 'node:crypto';
import type { Sample } from '../types.ts';

/** Hexadecimal digits of a hash that a number holds exactly. */
const DIGITS = 13;

/** Samples that one pass over the manifest picks. */
const PICKED = 4096;

export interface SampleOrder {
  /** Number of samples. */
  readonly size: number;
  /** Place of a sample in the order, from 0; a number of `size` or more = it is not in the manifest. */
  positionOf(id: string): number;
  /** All samples in this order; one pass over the manifest for every 4096 of them. `open` yields them in any order. */
  samples(open: () => AsyncIterable<Sample>): AsyncGenerator<Sample>;
}

/**
 * By the hash of seed and id: the order does not depend on the order of rows, and adding samples does not move the others
 * against each other. Needs 8 bytes a sample.
 */
export async function createSampleOrder(
  open: () => AsyncIterable<Pick<Sample, 'id'>>,
  seed: number,
): Promise<SampleOrder> {
  for (let attempt = 0; ; attempt += 1) {
    const hashOf = (id: string) => Number.parseInt(hash('sha256', `${seed} ${attempt} ${id}`).slice(0, DIGITS), 16);
    const numbers: number[] = [];
    for await (const { id } of open()) numbers.push(hashOf(id));
    const sorted = Float64Array.from(numbers).sort();
    // Two samples in one place would take each other's score: another salt tells them apart.
    if (sorted.some((number, index) => index > 0 && number === sorted[index - 1])) continue;
    const positionOf = (id: string) => placeOf(sorted, hashOf(id));
    return { size: sorted.length, positionOf, samples: (all) => inOrder(all, sorted.length, positionOf) };
  }
}

/** Index of a number in a sorted list; its length = it is not there. */
function placeOf(sorted: Float64Array, wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted ? low : sorted.length;
}

async function* inOrder(
  open: () => AsyncIterable<Sample>,
  size: number,
  positionOf: (id: string) => number,
): AsyncGenerator<Sample> {
  for (let first = 0; first < size; first += PICKED) {
    const picked: (Sample | undefined)[] = new Array(Math.min(PICKED, size - first)).fill(undefined);
    for await (const sample of open()) {
      const position = positionOf(sample.id) - first;
      if (position >= 0 && position < picked.length) picked[position] = sample;
    }
    for (const sample of picked) if (sample !== undefined) yield sample;
  }
}
