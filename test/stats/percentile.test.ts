import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimatePercentile, percentile } from '../../src/stats/percentile.ts';

const upTo = (n: number) => Float64Array.from({ length: n }, (_, index) => index + 1);

test('there is no percentile of nothing', () => {
  expect(estimatePercentile([], 0.5)).toEqual({ n: 0, value: null, ciLow: null, ciHigh: null, ciMethod: '' });
});

test('interpolates linearly between neighbours', () => {
  expect(percentile([10, 20], 0.25)).toBe(12.5);
});

test('stays between the smallest and the largest value and grows with the fraction', () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fraction, fraction, (unsorted, a, b) => {
      const sorted = unsorted.toSorted((x, y) => x - y);
      const [low, high] = [
        percentile(sorted, Math.min(a, b)) ?? Number.NaN,
        percentile(sorted, Math.max(a, b)) ?? Number.NaN,
      ];
      expect(low).toBeGreaterThanOrEqual(sorted[0] ?? 0);
      expect(high).toBeLessThanOrEqual(sorted.at(-1) ?? 0);
      expect(high - low).toBeGreaterThanOrEqual(-1e-9);
    }),
  );
});

// Reference: scipy 1.17.1, stats.quantile_test(range(1, n + 1), p=p).confidence_interval(0.95).
test.each([
  [1000, 0.99, 983, 997],
  [60, 0.9, 49, 59],
  [100_000, 0.95, 94_864, 95_136],
  [1_000_000, 0.5, 499_020, 500_981],
  [1_000_000, 0.99, 989_805, 990_196],
])('the interval of %d values around fraction %d runs from %d to %d', (n, fraction, low, high) => {
  expect(estimatePercentile(upTo(n), fraction)).toMatchObject({
    n,
    ciLow: low,
    ciHigh: high,
    ciMethod: 'order-statistics',
  });
});

test('too few values give no bound instead of a wrong one', () => {
  expect(estimatePercentile(upTo(3), 0.5)).toEqual({ n: 3, value: 2, ciLow: null, ciHigh: null, ciMethod: '' });
  expect(estimatePercentile(upTo(50), 0.99)).toMatchObject({ ciLow: 48, ciHigh: null, ciMethod: 'order-statistics' });
});
