import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalCumulative } from '../../../src/stats/distributions/normal-cumulative.ts';
import { normalQuantile } from '../../../src/stats/distributions/normal-quantile.ts';

// Reference: mpmath.ncdf with 40 digits.
test.each([
  [-36.52, 2.670057953623353e-292],
  [-2.85, 0.0021859614549131455],
  [0, 0.5],
])('the probability below %d is %d', (z, p) => {
  expect(normalCumulative(z) / p).toBeCloseTo(1, 11);
});

test('it turns the quantile back', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 0.999, noNaN: true }), (p) => {
      expect(normalCumulative(normalQuantile(p)) / p).toBeCloseTo(1, 10);
    }),
  );
});

test('it rises with z, and both tails are alike', () => {
  const z = fc.double({ min: -37, max: 37, noNaN: true });
  fc.assert(
    fc.property(z, z, (a, b) => {
      expect(normalCumulative(Math.min(a, b))).toBeLessThanOrEqual(normalCumulative(Math.max(a, b)) + 1e-15);
      expect(normalCumulative(a) + normalCumulative(-a)).toBeCloseTo(1, 14);
    }),
  );
});

test('nothing lies beyond infinity', () => {
  expect(normalCumulative(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(normalCumulative(Number.POSITIVE_INFINITY)).toBe(1);
});
