import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateBca } from '../../src/stats/bca.ts';

const seed = 1;
const SKEWED = [0.3, 1.2, 0.8, 5.1, 0.4, 2.2, 9.7, 0.9, 1.1, 0.6, 3.3, 0.2];

test('a skewed mean has the bounds of another implementation', () => {
  const { ciLow, ciHigh, ...rest } = estimateBca(SKEWED, { seed, resamples: 100_000 });

  // Reference: scipy 1.17.1, stats.bootstrap(method='BCa', n_resamples=400_000): 1.0833, 4.5167.
  expect(rest).toMatchObject({ n: 12, ciMethod: 'bca', reason: null });
  expect(Math.abs((ciLow ?? 0) - 1.0833)).toBeLessThan(0.02);
  expect(Math.abs((ciHigh ?? 0) - 4.5167)).toBeLessThan(0.06);
});

test('resampled figures that equal the figure count half', () => {
  const { ciLow, ciHigh } = estimateBca([0, 0, 0, 0, 0, 1, 1, 0, 0, 1], { seed });

  // Reference: as above.
  expect(ciLow).toBeCloseTo(0.1, 12);
  expect(ciHigh).toBeCloseTo(0.6, 12);
});

test('a rate draws numerators with their denominators', () => {
  const denominators = [10, 8, 12, 5, 9, 20, 4, 11];
  const { value, ciLow, ciHigh } = estimateBca([2, 0, 5, 1, 3, 4, 0, 7], { seed, denominators, resamples: 100_000 });

  // Reference: as above, of the paired ratio: 0.1683, 0.4462.
  expect(value).toBeCloseTo(22 / 79, 12);
  expect(Math.abs((ciLow ?? 0) - 0.1683)).toBeLessThan(0.004);
  expect(Math.abs((ciHigh ?? 0) - 0.4462)).toBeLessThan(0.006);
});

test('clusters are drawn whole', () => {
  const values = SKEWED.flatMap((value) => [value, value, value]);
  const clusters = values.map((_, index) => Math.floor(index / 3));
  const alone = estimateBca(SKEWED, { seed });
  const clustered = estimateBca(values, { seed, clusters });

  expect(clustered.n).toBe(36);
  expect(clustered.ciLow).toBeCloseTo(alone.ciLow ?? 0, 10);
  expect(clustered.ciHigh).toBeCloseTo(alone.ciHigh ?? 0, 10);
});

test('the seed alone decides the resamples, not the order of the values', () => {
  const before = [...SKEWED];

  expect(estimateBca(SKEWED.toReversed(), { seed })).toEqual(estimateBca(SKEWED, { seed }));
  expect(estimateBca(SKEWED, { seed: 2 })).not.toEqual(estimateBca(SKEWED, { seed }));
  expect(SKEWED).toEqual(before);
});

test.each([
  ['no values', [], {}, null],
  ['n too small', [3], {}, 3],
  ['no spread', [0.1, 0.1, 0.1], {}, 0.1],
  ['one cluster', [1, 2, 3], { clusters: ['a', 'a', 'a'] }, 2],
  ['no denominator', [0, 0], { denominators: [0, 0] }, null],
])('%s: there is no interval', (reason, values, options, value) => {
  const estimate = estimateBca(values, { seed, ...options });

  expect(estimate).toMatchObject({ ciLow: null, ciHigh: null, ciMethod: '', reason });
  if (value === null) expect(estimate.value).toBeNull();
  else expect(estimate.value).toBeCloseTo(value, 12);
});

test('samples without a denominator are drawn with the others', () => {
  const { value, ciLow, ciHigh } = estimateBca([1, 0, 2], { seed, denominators: [0, 0, 4], resamples: 200 });

  expect(value).toBe(0.75);
  expect(ciLow).toBeGreaterThanOrEqual(0.5);
  expect(Number.isFinite(ciHigh)).toBe(true);
});

test('the bounds stay within the values', () => {
  const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(values, (list) => {
      const { ciLow, ciHigh } = estimateBca(list, { seed, resamples: 200 });
      fc.pre(ciLow !== null && ciHigh !== null);
      expect(ciLow).toBeGreaterThanOrEqual(Math.min(...list));
      expect(ciHigh).toBeLessThanOrEqual(Math.max(...list));
      expect(ciLow).toBeLessThanOrEqual(ciHigh);
    }),
  );
});

test('wrong values and options are rejected', () => {
  expect(() => estimateBca([1, Number.NaN], { seed })).toThrow(RangeError);
  expect(() => estimateBca([1, 2], { seed, denominators: [1, -1] })).toThrow(
    new RangeError('denominators[1] is negative'),
  );
  expect(() => estimateBca([1, 2], { seed, denominators: [1] })).toThrow(RangeError);
  expect(() => estimateBca([1, 2], { seed, resamples: 0 })).toThrow(RangeError);
  expect(() => estimateBca([1, 2], { seed, confidence: 1 })).toThrow(RangeError);
});
