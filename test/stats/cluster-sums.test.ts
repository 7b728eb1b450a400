import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClusterSums } from '../../src/stats/cluster-sums.ts';

/** A cluster, the residual and the denominator of an observation, all small whole numbers: sums of them are exact. */
const OBSERVATIONS = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: -9, max: 9 }), fc.nat({ max: 3 })));

/** Adds up by the definition. */
function squaresOf(observations: readonly (readonly [number, number, number])[], shift: number): number {
  const sums = new Map<number, number>();
  for (const [cluster, residual, denominator] of observations)
    sums.set(cluster, (sums.get(cluster) ?? 0) + residual - shift * denominator);
  return [...sums.values()].reduce((total, sum) => total + sum ** 2, 0);
}

test('sums clusters by label, and by the numbers of a caller alike', () => {
  fc.assert(
    fc.property(OBSERVATIONS, fc.integer({ min: -3, max: 3 }), (observations, shift) => {
      const labelled = createClusterSums();
      const numbered = createClusterSums(Number);
      for (const [cluster, residual, denominator] of observations) {
        labelled.add(`cluster ${cluster}`, residual, denominator);
        numbered.add(cluster, residual, denominator);
      }
      const size = new Set(observations.map(([cluster]) => cluster)).size;
      const squares = squaresOf(observations, shift);

      expect([labelled.size(), labelled.squares(shift)]).toEqual([size, squares]);
      expect([numbered.size(), numbered.squares(shift)]).toEqual([size, squares]);
    }),
  );
});

test('a number and a text that look alike are two labels', () => {
  const sums = createClusterSums();
  sums.add(1, 2, 1);
  sums.add('1', 2, 1);

  expect(sums.size()).toBe(2);
  expect(sums.squares(0)).toBe(8);
});
