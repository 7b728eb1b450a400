import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimatePercentile, percentile } from '../../src/stats/percentile.ts';

const upTo = (n: number) => Float64Array.from({ length: n }, (_, index) => index + 1);

test('there is no percentile of nothing', () => {
  expect(estimatePercentile([], 0.5)).toMatchObject({
    n: 0,
    value: null,
    ciLow: null,
    ciHigh: null,
    ciMethod: '',
    reason: 'no values',
  });
  expect(percentile([], 0.5)).toBeNull();
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
  expect(estimatePercentile(upTo(3), 0.5)).toEqual({
    n: 3,
    value: 2,
    ciLow: null,
    ciHigh: null,
    ciMethod: '',
    reason: 'n too small',
  });
  expect(estimatePercentile(upTo(50), 0.99)).toMatchObject({
    ciLow: 48,
    ciHigh: null,
    ciMethod: 'order-statistics',
    reason: 'n too small',
  });
});

test('one value is every percentile of itself, without an interval', () => {
  for (const fraction of [0, 0.5, 1]) expect(percentile([42], fraction)).toBe(42);
  expect(estimatePercentile([42], 0.5)).toMatchObject({ value: 42, ciLow: null, ciHigh: null, reason: 'n too small' });
});

test('equal values are every percentile of themselves', () => {
  const ties = Array.from({ length: 100 }, () => 7);

  expect(estimatePercentile(ties, 0.9)).toMatchObject({ value: 7, ciLow: 7, ciHigh: 7, reason: null });
});

test('values in any order give the same percentile and stay as they were', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, fraction, (unsorted, share) => {
      const before = [...unsorted];
      const sorted = unsorted.toSorted((a, b) => a - b);
      expect(percentile(unsorted, share)).toBe(percentile(sorted, share));
      expect(estimatePercentile(unsorted, share)).toEqual(estimatePercentile(sorted, share));
      expect(unsorted).toEqual(before);
    }),
  );
});

test('numbers are sorted as numbers', () => {
  expect(percentile([10, 9, 100, 1], 1)).toBe(100);
  expect(percentile(Float64Array.of(10, 9, 100, 1), 0)).toBe(1);
});

test('the interval holds the percentile', () => {
  const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (list, fraction) => {
      const { value, ciLow, ciHigh } = estimatePercentile(list, fraction);
      expect(ciLow ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(value ?? Number.NaN);
      expect(ciHigh ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(value ?? Number.NaN);
    }),
  );
});

test('of two values the 99th percentile is not below its own lower bound', () => {
  expect(estimatePercentile([1, 2], 0.99)).toMatchObject({
    value: 1.99,
    ciLow: 1.99,
    ciHigh: null,
    reason: 'n too small',
  });
});

test('values that are not finite and fractions outside 0 to 1 are rejected', () => {
  expect(() => percentile([1, Number.NaN], 0.5)).toThrow(
    new RangeError('values[1] is NaN; every value must be a finite number'),
  );
  expect(() => estimatePercentile([Number.POSITIVE_INFINITY], 0.5)).toThrow(RangeError);
  expect(() => percentile([1], 95)).toThrow(new RangeError('fraction is 95; it must be from 0 to 1'));
  expect(() => percentile([1], Number.NaN)).toThrow(RangeError);
});
