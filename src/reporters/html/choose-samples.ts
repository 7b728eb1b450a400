/** Chooses the samples that a report of a large run embeds: those that tell models apart first, then a seeded choice. */

import { hash } from 'node:crypto';
import type { Result } from '../../result.ts';

/** Above this number of cells not all samples are embedded. */
export const MAX_CELLS = 50_000;

/** Samples that are embedded then. */
export const MAX_SAMPLES = 10_000;

/** Rows of the manifest (`sampleIndex`); null = all of them. */
export type Choice = ReadonlySet<number> | null;

/**
 * The choice depends only on the results: disagreements, then failures, then samples by a hash of their key. It holds a
 * number for each sample of the run and reads the results once.
 */
export async function chooseSamples(
  samples: AsyncIterable<readonly Result[]>,
  maxSamples = MAX_SAMPLES,
): Promise<Choice> {
  const order: { readonly row: number; readonly rank: number }[] = [];
  for await (const results of samples) {
    const [first] = results;
    if (first !== undefined) order.push({ row: first.sampleIndex, rank: classOf(results) + chance(first.sampleKey) });
  }
  if (order.length <= maxSamples) return null;
  order.sort((a, b) => a.rank - b.rank || a.row - b.row);
  return new Set(order.slice(0, maxSamples).map(({ row }) => row));
}

/** 0 = the models disagree, 1 = something failed, 2 = neither. */
function classOf(results: readonly Result[]): number {
  const scores = results.flatMap(({ score }) => (score === null ? [] : [score]));
  if (scores.some((score) => score !== scores[0])) return 0;
  return results.some(({ status }) => status === 'failed') ? 1 : 2;
}

/** A number in [0, 1) that is the same in every report of the run. */
function chance(key: string): number {
  return hash('sha256', key, 'buffer').readUInt32LE(0) / 2 ** 32;
}
