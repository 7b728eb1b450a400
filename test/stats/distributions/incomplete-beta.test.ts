import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialAtMost } from '../../../src/stats/distributions/binomial.ts';
import { incompleteBeta } from '../../../src/stats/distributions/incomplete-beta.ts';

const shape = fc.double({ min: 0.1, max: 5000, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });

// Reference: scipy 1.17.1, special.betainc(a, b, x).
test.each([
  [10_000, 3, 0.999, 0.0027557999713298327],
  [500_000, 0.5, 0.999, 1.3983637688332833e-219],
])('I(%d, %d) at %d is %d', (a, b, x, expected) => {
  expect(incompleteBeta(a, b, x) / expected).toBeCloseTo(1, 11);
});

test('it runs from 0 to 1 and both sides add up to 1', () => {
  fc.assert(
    fc.property(shape, shape, share, (a, b, x) => {
      expect(incompleteBeta(a, b, 0)).toBe(0);
      expect(incompleteBeta(a, b, 1)).toBe(1);
      expect(incompleteBeta(a, b, x) + incompleteBeta(b, a, 1 - x, x)).toBeCloseTo(1, 11);
    }),
  );
});

test('of whole shapes it is a binomial probability', () => {
  const counts = fc.integer({ min: 1, max: 300 }).chain((n) => fc.tuple(fc.nat({ max: n - 1 }), fc.constant(n)));
  fc.assert(
    fc.property(counts, fc.double({ min: 0.01, max: 0.99, noNaN: true }), ([k, n], p) => {
      expect(incompleteBeta(n - k, k + 1, 1 - p, p)).toBeCloseTo(binomialAtMost(k, n, p), 11);
    }),
  );
});
