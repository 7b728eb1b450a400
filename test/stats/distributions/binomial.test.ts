import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialAtMost, binomialDensity } from '../../../src/stats/distributions/binomial.ts';

// Reference: scipy 1.17.1, stats.binom.cdf(k, n, p).
test.each([
  [3, 10, 0.2, 0.8791261184],
  [9, 10, 0.99, 0.09561792499119559],
  [499_000, 1_000_000, 0.5, 0.0228041499326948],
  [45_000, 100_000, 0.5, 4.300170822856397e-220],
])('at most %d of %d with probability %d have %d', (k, n, p, expected) => {
  expect(binomialAtMost(k, n, p) / expected).toBeCloseTo(1, 11);
});

test('fewer than none never happens, and at most all always', () => {
  expect(binomialAtMost(-1, 5, 0.3)).toBe(0);
  expect(binomialAtMost(5, 5, 0.3)).toBe(1);
});

test('the cumulative probability is the sum of the densities', () => {
  const counts = fc.integer({ min: 1, max: 200 }).chain((n) => fc.tuple(fc.nat({ max: n }), fc.constant(n)));
  fc.assert(
    fc.property(counts, fc.double({ min: 0.001, max: 0.999, noNaN: true }), ([k, n], p) => {
      const densities = Array.from({ length: k + 1 }, (_, x) => binomialDensity(x, n, p, 1 - p));
      expect(binomialAtMost(k, n, p)).toBeCloseTo(
        densities.reduce((sum, density) => sum + density, 0),
        11,
      );
    }),
  );
});
