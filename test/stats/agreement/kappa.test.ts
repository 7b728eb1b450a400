import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cohenKappa } from '../../../src/stats/agreement/kappa.ts';

/** The labels behind a table of counts. */
function labelsOf(table: readonly (readonly number[])[]) {
  const items = table.flatMap((row, first) =>
    row.flatMap((count, second) => Array.from({ length: count }, () => ({ first, second }))),
  );
  return [items.map(({ first }) => first), items.map(({ second }) => second)] as const;
}

// Reference: kappa and its delta-method standard error by numerical derivatives in NumPy, which shares no formula.
test.each([
  [
    [
      [20, 5],
      [10, 15],
    ],
    0.4,
    0.1510922904751236,
    0.6489077095248762,
  ],
  [
    [
      [44, 5, 1],
      [7, 20, 3],
      [9, 5, 6],
    ],
    0.49152542372881347,
    0.3501582012106063,
    0.6328926462470206,
  ],
])('the agreement in %j is %d from %d to %d', (table, value, low, high) => {
  const estimate = cohenKappa(...labelsOf(table));

  expect(estimate).toMatchObject({ ciMethod: 'kappa', reason: null });
  expect(estimate.value).toBeCloseTo(value, 12);
  expect(estimate.ciLow).toBeCloseTo(low, 8);
  expect(estimate.ciHigh).toBeCloseTo(high, 8);
});

test('no items have no agreement', () => {
  expect(cohenKappa([], [])).toMatchObject({ value: null, ciLow: null, reason: 'no values' });
});

test('one and the same label throughout is explained by chance', () => {
  expect(cohenKappa(['yes', 'yes'], ['yes', 'yes'])).toMatchObject({ value: null, ciLow: null, reason: 'one label' });
  expect(cohenKappa([true], [true])).toMatchObject({ value: null, reason: 'one label' });
});

test('perfect agreement is 1, without an interval', () => {
  expect(cohenKappa(['a', 'b', 'c'], ['a', 'b', 'c'])).toMatchObject({ value: 1, ciLow: null, reason: 'no spread' });
});

test('raters who never agree lie below 0', () => {
  expect(cohenKappa([0, 1, 0, 1], [1, 0, 1, 0]).value).toBe(-1);
  expect(cohenKappa(['a', 'a'], ['b', 'b'])).toMatchObject({ value: 0, reason: 'no spread' });
});

test('swapping the raters and renaming the labels changes nothing', () => {
  const pair = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
      const [a, b] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
      const name = (label: number) => `label ${7 - label}`;
      const estimate = cohenKappa(a, b);
      const { value, ciLow, ciHigh } = estimate;
      for (const other of [cohenKappa(b, a), cohenKappa(a.map(name), b.map(name))]) {
        expect(other.reason).toBe(estimate.reason);
        expect(other.value ?? 2).toBeCloseTo(value ?? 2, 10);
        expect(other.ciLow ?? 2).toBeCloseTo(ciLow ?? 2, 8);
      }
      if (value === null || ciLow === null || ciHigh === null) return;
      expect(ciLow).toBeGreaterThanOrEqual(-1);
      expect(ciLow).toBeLessThanOrEqual(value);
      expect(ciHigh).toBeGreaterThanOrEqual(value);
      expect(ciHigh).toBeLessThanOrEqual(1);
    }),
  );
});

test('lists of different lengths and labels that are not finite are rejected', () => {
  expect(() => cohenKappa(['a'], [])).toThrow(new RangeError('b has 0 entries for 1 values'));
  expect(() => cohenKappa([Number.NaN], [1])).toThrow(RangeError);
});

// Reference: derivatives of kappa by the weight of each item, numerically, summed by cluster with the factor C/(C-1).
test('items of one cluster count together in the interval', () => {
  const a = ['a', 'a', 'b', 'b', 'a', 'a', 'b', 'c', 'c', 'c', 'a', 'b'];
  const b = ['a', 'b', 'b', 'b', 'a', 'a', 'a', 'c', 'a', 'c', 'a', 'b'];
  const clusters = [1, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8];

  const estimate = cohenKappa(a, b, clusters);

  expect(estimate).toMatchObject({ n: 12, ciMethod: 'kappa-clusters', reason: null });
  expect(estimate.value).toBeCloseTo(0.6086956521739131, 12);
  expect(estimate.ciLow).toBeCloseTo(0.21842182502083296, 8);
  expect(estimate.ciHigh).toBeCloseTo(0.9989694793269932, 8);
});

test('clusters of one item each change nothing', () => {
  const [a, b] = labelsOf([
    [20, 5],
    [10, 15],
  ]);

  expect(cohenKappa(a, b, [...a.keys()])).toEqual(cohenKappa(a, b));
});

test('one cluster has no interval', () => {
  expect(cohenKappa([1, 0, 1], [1, 0, 0], [7, 7, 7])).toMatchObject({ ciLow: null, reason: 'one cluster' });
});
