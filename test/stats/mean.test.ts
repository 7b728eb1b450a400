import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateMean, estimateScore } from '../../src/stats/mean.ts';
import { estimateRatio } from '../../src/stats/ratio.ts';
import { standardError } from '../../src/stats/standard-error.ts';
import { sum } from '../../src/stats/sum.ts';

const NOTHING = { n: 0, value: null, ciLow: null, ciHigh: null, ciMethod: '', reason: 'no values' };

test('a mean of nothing is null, not 0', () => {
  expect(estimateMean([])).toEqual(NOTHING);
  expect(estimateScore([])).toEqual(NOTHING);
});

test('one value has no interval', () => {
  expect(estimateMean([7])).toEqual({
    n: 1,
    value: 7,
    ciLow: null,
    ciHigh: null,
    ciMethod: '',
    reason: 'n too small',
  });
});

test('values without spread have no interval, however they round', () => {
  expect(estimateMean([0.1, 0.1, 0.1])).toMatchObject({ ciLow: null, ciHigh: null, reason: 'no spread' });
  expect(estimateScore([0.5, 0.5])).toMatchObject({ value: 0.5, ciLow: null, ciMethod: '', reason: 'no spread' });
});

test('graded scores have Student intervals', () => {
  const { ciLow, ciHigh, ...rest } = estimateScore([0.2, 0.9, 0.4, 0.4, 0.7]);

  expect(rest).toMatchObject({ n: 5, ciMethod: 't' });
  // Reference: scipy 1.17.1, stats.t.interval(0.95, 4, mean, sem).
  expect(ciLow).toBeCloseTo(0.17545222348486628, 12);
  expect(ciHigh).toBeCloseTo(0.8645477765151335, 12);
});

test('pass or fail has Wilson intervals, also when all pass', () => {
  expect(estimateScore([1, 0, 1, 1])).toMatchObject({ value: 0.75, ciMethod: 'wilson' });
  const perfect = estimateScore(Array.from({ length: 20 }, () => 1));
  expect(perfect).toMatchObject({ value: 1, ciHigh: 1, ciMethod: 'wilson' });
  expect(perfect.ciLow).toBeCloseTo(1 - 0.16112515805281935, 12);
});

test('samples that share a label widen the interval', () => {
  const scores = [1, 1, 0, 0, 1, 1, 0, 0];
  const alone = estimateScore(scores, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  const clustered = estimateScore(scores, ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd']);

  expect(alone.ciMethod).toBe('wilson');
  expect(clustered.ciMethod).toBe('clustered-t');
  expect(clustered.ciLow).toBeLessThan(alone.ciLow ?? 0);
});

test('samples without a label are independent beside clusters', () => {
  const estimate = estimateMean([1, 2, 5, 9], ['a', 'a', null, null]);

  expect(estimate).toMatchObject({ value: 4.25, ciMethod: 'clustered-t' });
});

test('clusters that all pass count as one observation each', () => {
  const clusters = ['a', 'a', 'a', 'b', 'b', 'b'];
  const estimate = estimateScore([1, 1, 1, 1, 1, 1], clusters);

  expect(estimate).toMatchObject({ n: 6, value: 1, ciHigh: 1, ciMethod: 'wilson-clusters' });
  expect(estimate.ciLow).toBeCloseTo(estimateScore([1, 1]).ciLow ?? 0, 12);
});

test.each([
  [[1, 0, 0.5], 0.5],
  [[1, 1, 1], 1],
  [[0, 0, 0], 0],
])('one cluster of scores %j has no interval', (scores, value) => {
  expect(estimateScore(scores, ['a', 'a', 'a'])).toMatchObject({
    value,
    ciLow: null,
    ciHigh: null,
    reason: 'one cluster',
  });
});

test('clusters of one are no clusters', () => {
  expect(estimateScore([1, 0, 1, 1], [1, 2, 3, 4])).toEqual(estimateScore([1, 0, 1, 1]));
  expect(estimateMean([1, 4, 9], ['a', 'b', 'c']).ciMethod).toBe('t');
});

test('a score that is missing or not finite is a bug of the caller', () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(() => estimateScore([0.5, wrong])).toThrow(RangeError);
    expect(() => estimateMean([0.5, wrong])).toThrow(
      new RangeError(`value 1 is ${wrong} over 1; every value must be a finite number`),
    );
    expect(() => estimateRatio([1, 2], [1, wrong])).toThrow(RangeError);
  }
});

test('lists of different lengths are a bug of the caller', () => {
  expect(() => estimateMean([1, 2], ['a'])).toThrow(new RangeError('clusters has 1 entries for 2 values'));
  expect(() => estimateScore([1, 0], ['a'])).toThrow(RangeError);
  expect(() => estimateRatio([1, 2], [1])).toThrow(RangeError);
});

test('the order of the samples changes nothing', () => {
  const sample = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.constantFrom('a', 'b', 'c', null));
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      const estimate = (list: typeof samples) =>
        estimateMean(
          list.map(([value]) => value),
          list.map(([, cluster]) => cluster),
        );
      const [there, back] = [estimate(samples), estimate(samples.toReversed())];
      expect([back.n, back.ciMethod, back.reason]).toEqual([there.n, there.ciMethod, there.reason]);
      expect(back.ciLow ?? 0).toBeCloseTo(there.ciLow ?? 0, 6);
      expect(back.ciHigh ?? 0).toBeCloseTo(there.ciHigh ?? 0, 6);
    }),
  );
});

test('the standard error of a mean needs two values or clusters', () => {
  expect(standardError([3])).toBeNull();
  expect(standardError([])).toBeNull();
  expect(standardError([1, 2, 3], ['a', 'a', 'a'])).toBeNull();
  expect(standardError([2, 2])).toBe(0);
  expect(standardError(Float64Array.of(1, 2, 3))).toBeCloseTo(1 / Math.sqrt(3), 12);
});

test('a corpus figure is pooled, with the interval of a ratio', () => {
  const estimate = estimateRatio([2, 0, 5, 1, 3, 4], [10, 8, 12, 5, 9, 20]);

  // Reference: linearised variance with n - 1 and t(5), computed with NumPy and scipy 1.17.1.
  expect(estimate).toMatchObject({ n: 6, value: 0.234375, ciMethod: 't' });
  expect(estimate.ciLow).toBeCloseTo(0.09723975744301966, 12);
  expect(estimate.ciHigh).toBeCloseTo(0.37151024255698034, 12);
});

test('a ratio to nothing is null', () => {
  expect(estimateRatio([1, 2], [0, 0])).toEqual({ ...NOTHING, n: 2, reason: 'no denominator' });
});

test('an interval of scores holds the mean and stays in [0, 1]', () => {
  const score = fc.record({
    value: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    cluster: fc.constantFrom('a', 'b', 'c', null),
  });
  fc.assert(
    fc.property(fc.array(score, { minLength: 1 }), (scores) => {
      const estimate = estimateScore(
        scores.map(({ value }) => value),
        scores.map(({ cluster }) => cluster),
      );
      const { value, ciLow, ciHigh, ciMethod } = estimate;
      expect([ciLow === null, ciHigh === null]).toEqual([ciMethod === '', ciMethod === '']);
      if (value === null || ciLow === null || ciHigh === null) return;
      expect(ciLow).toBeGreaterThanOrEqual(0);
      expect(ciHigh).toBeLessThanOrEqual(1);
      expect(ciLow).toBeLessThanOrEqual(value);
      expect(ciHigh).toBeGreaterThanOrEqual(value);
    }),
  );
});

test('sums keep small terms beside large ones', () => {
  expect(sum([1e16, 1, -1e16])).toBe(1);
  expect(sum(Array.from({ length: 1_000_000 }, () => 0.1))).toBeCloseTo(100_000, 9);
  expect(sum([])).toBe(0);
});
