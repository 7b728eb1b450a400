import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mcnemar } from '../../src/stats/mcnemar.ts';

const count = fc.integer({ min: 0, max: 5_000 });

// Reference: scipy 1.17.1, stats.binomtest(k, n).pvalue.
test.each([
  [3, 12, 0.03515625],
  [0, 8, 0.0078125],
  [490, 510, 0.5479727459234766],
])('%d samples that only A passes against %d have p = %d', (onlyA, onlyB, p) => {
  expect(mcnemar(onlyA, onlyB).pTwoSided).toBeCloseTo(p, 12);
});

test('mid-p counts half of what is as likely as the data', () => {
  // Reference: scipy 1.17.1, 2 * binom.cdf(3, 15, 0.5) - binom.pmf(3, 15, 0.5).
  expect(mcnemar(3, 12).pMidTwoSided).toBeCloseTo(0.021270751953125, 14);
});

test('without discordant samples there is no evidence', () => {
  expect(mcnemar(0, 0)).toEqual({ pTwoSided: 1, pLess: 1, pGreater: 1, pMidTwoSided: 1 });
});

test('equal counts are no evidence', () => {
  expect(mcnemar(10, 10)).toMatchObject({ pTwoSided: 1, pMidTwoSided: 1 });
});

test('swapping the models swaps the directions', () => {
  fc.assert(
    fc.property(count, count, (onlyA, onlyB) => {
      const [there, back] = [mcnemar(onlyA, onlyB), mcnemar(onlyB, onlyA)];
      expect(there.pTwoSided).toBe(back.pTwoSided);
      expect(there.pLess).toBe(back.pGreater);
      expect(there.pMidTwoSided).toBe(back.pMidTwoSided);
    }),
  );
});

test('p lies in (0, 1], mid-p below the exact p, and one more discordant sample on the larger side lowers it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), (a, b) => {
      const [small, large] = [Math.min(a, b), Math.max(a, b)];
      const { pTwoSided, pMidTwoSided, pGreater } = mcnemar(large, small);
      expect(pTwoSided).toBeGreaterThan(0);
      expect(pTwoSided).toBeLessThanOrEqual(1);
      expect(pMidTwoSided).toBeLessThanOrEqual(pTwoSided);
      expect(mcnemar(large + 1, small).pGreater).toBeLessThan(pGreater);
    }),
  );
});

test.each([
  [-1, 2],
  [1, 2.5],
  [Number.NaN, 1],
])('%d and %d are not counts', (onlyA, onlyB) => {
  expect(() => mcnemar(onlyA, onlyB)).toThrow(RangeError);
});
