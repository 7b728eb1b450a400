import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairedT } from '../../src/stats/paired-t.ts';

const differences = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 60 });

test('clustered differences have the standard error of their cluster sums and t of C - 1', () => {
  const result = pairedT([0.2, 0.1, 0, -0.1, 0.3, 0.25, 0.4, 0], [1, 1, 2, 2, 3, 3, 4, 5]);

  // Reference: the sandwich formula with C/(C-1) in NumPy, t and p from scipy 1.17.1.
  expect(result).toMatchObject({ n: 8, degreesOfFreedom: 4, ciMethod: 'clustered-paired-t', reason: null });
  expect(result.difference).toBeCloseTo(0.14375, 12);
  expect(result.standardError).toBeCloseTo(0.0772509702356142, 12);
  expect(result.t).toBeCloseTo(1.8608180526608904, 11);
  expect(result.test?.pTwoSided).toBeCloseTo(0.136271335262847, 12);
  expect(result.test?.pGreater).toBeCloseTo(0.0681356676314235, 12);
  expect(result.ciLow).toBeCloseTo(-0.07073307818245145, 12);
  expect(result.ciHigh).toBeCloseTo(0.3582330781824515, 12);
});

test('nothing to compare has no difference', () => {
  expect(pairedT([])).toMatchObject({ n: 0, difference: null, t: null, test: null, ciLow: null, reason: 'no values' });
});

test('one difference has no interval and no test', () => {
  expect(pairedT([0.3])).toMatchObject({
    difference: 0.3,
    ciLow: null,
    ciHigh: null,
    test: null,
    reason: 'n too small',
  });
});

test('equal differences other than 0 have no p, certainly not 0', () => {
  expect(pairedT([0.1, 0.1, 0.1])).toMatchObject({ standardError: 0, t: null, test: null, reason: 'no spread' });
});

test('differences that are all 0 are no evidence', () => {
  const test = { pTwoSided: 1, pLess: 1, pGreater: 1 };
  expect(pairedT([0, 0, 0])).toMatchObject({ difference: 0, ciLow: null, test, reason: 'no spread' });
});

test('one cluster has no interval', () => {
  expect(pairedT([1, 0, 2], ['a', 'a', 'a'])).toMatchObject({ ciLow: null, ciHigh: null, reason: 'one cluster' });
});

test('clusters of one change nothing', () => {
  fc.assert(
    fc.property(differences, (values) => {
      const alone = pairedT(values);
      const clustered = pairedT(
        values,
        values.map((_, index) => index),
      );
      expect([clustered.n, clustered.ciMethod, clustered.reason]).toEqual([alone.n, alone.ciMethod, alone.reason]);
      expect(clustered.standardError ?? -1).toBeCloseTo(alone.standardError ?? -1, 10);
      expect(clustered.test?.pTwoSided ?? -1).toBeCloseTo(alone.test?.pTwoSided ?? -1, 10);
    }),
  );
});

test('the order of the samples changes nothing', () => {
  fc.assert(
    fc.property(differences, (values) => {
      const [there, back] = [pairedT(values), pairedT(values.toReversed())];
      expect(back.ciMethod).toBe(there.ciMethod);
      expect(back.ciLow ?? 0).toBeCloseTo(there.ciLow ?? 0, 9);
      expect(back.test?.pTwoSided ?? -1).toBeCloseTo(there.test?.pTwoSided ?? -1, 9);
    }),
  );
});

test('the interval excludes 0 exactly when p is below 0.05, and opposite signs turn everything', () => {
  fc.assert(
    fc.property(differences, (values) => {
      const { ciLow, ciHigh, test: found, difference } = pairedT(values);
      fc.pre(ciLow !== null && ciHigh !== null && found !== null && Math.abs(found.pTwoSided - 0.05) > 1e-9);
      const opposite = pairedT(values.map((value) => -value));
      expect(ciLow > 0 || ciHigh < 0).toBe(found.pTwoSided < 0.05);
      expect(ciLow <= (difference ?? Number.NaN) && ciHigh >= (difference ?? Number.NaN)).toBe(true);
      expect(opposite.test?.pLess).toBeCloseTo(found.pGreater, 12);
      expect(opposite.ciLow).toBeCloseTo(-ciHigh, 9);
    }),
  );
});

test('values that are not finite are a bug of the caller', () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => pairedT([1, wrong])).toThrow(RangeError);
});
