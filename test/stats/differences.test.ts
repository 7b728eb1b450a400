import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences, pooledDifferences } from '../../src/stats/differences.ts';
import { pairedT } from '../../src/stats/paired-t.ts';

test('rounding is no difference', () => {
  expect([...differences([0.1 + 0.2, 1, 0], [0.3, 0.25, 0])]).toEqual([0, 0.75, 0]);
});

test('of nothing there are none', () => {
  expect(differences([], [])).toEqual(new Float64Array());
});

test('pooled rates differ by their quotients, with the error of the linearised ratio', () => {
  const a = { numerators: [2, 0, 5, 1, 3, 4], denominators: [10, 8, 12, 5, 9, 20] };
  const b = { numerators: [3, 1, 4, 1, 5, 6], denominators: [10, 8, 12, 6, 9, 20] };

  const { difference, standardError, ciLow, ciHigh, test: found } = pairedT(pooledDifferences(a, b) ?? []);

  // Reference: the linearised ratios in NumPy, t from scipy 1.17.1.
  expect(difference).toBeCloseTo(-0.07331730769230771, 12);
  expect(standardError).toBeCloseTo(0.04276732815753968, 12);
  expect(ciLow).toBeCloseTo(-0.1832542246127767, 12);
  expect(ciHigh).toBeCloseTo(0.03661960922816129, 12);
  expect(found?.pTwoSided).toBeCloseTo(0.14713353730899995, 12);
});

test('the same rates have no difference anywhere', () => {
  const sums = fc.array(fc.tuple(fc.nat({ max: 50 }), fc.integer({ min: 1, max: 50 })), { minLength: 1 });
  fc.assert(
    fc.property(sums, (pairs) => {
      const rates = { numerators: pairs.map(([top]) => top), denominators: pairs.map(([, bottom]) => bottom) };
      expect(pooledDifferences(rates, rates)).toEqual(new Float64Array(pairs.length));
    }),
  );
});

test('the mean is the difference of the rates, and swapping the models turns it', () => {
  const sums = fc.tuple(fc.nat({ max: 50 }), fc.integer({ min: 1, max: 50 }), fc.nat({ max: 50 }), fc.nat({ max: 50 }));
  fc.assert(
    fc.property(fc.array(sums, { minLength: 1 }), (samples) => {
      const a = { numerators: samples.map(([x]) => x), denominators: samples.map(([, x]) => x) };
      const b = { numerators: samples.map(([, , x]) => x), denominators: samples.map(([, , , x]) => x + 1) };
      const total = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0);
      const rate = (sides: typeof a) => total(sides.numerators) / total(sides.denominators);
      const there = pairedT(pooledDifferences(a, b) ?? []).difference ?? Number.NaN;
      expect(there).toBeCloseTo(rate(a) - rate(b), 8);
      expect(pairedT(pooledDifferences(b, a) ?? []).difference).toBeCloseTo(-there, 8);
    }),
  );
});

test('a rate over nothing has no difference', () => {
  const some = { numerators: [1, 2], denominators: [3, 4] };

  expect(pooledDifferences(some, { numerators: [0, 0], denominators: [0, 0] })).toBeNull();
});

test('lists of different lengths and values that are not finite are rejected', () => {
  expect(() => differences([1], [1, 2])).toThrow(new RangeError('b has 2 entries for 1 values'));
  expect(() => differences([Number.NaN], [1])).toThrow(RangeError);
  expect(() => differences([1], [Number.NEGATIVE_INFINITY])).toThrow(RangeError);
  expect(() =>
    pooledDifferences({ numerators: [1], denominators: [1] }, { numerators: [1], denominators: [] }),
  ).toThrow(RangeError);
});
