import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePairs } from '../../src/stats/compare-pairs.ts';
import { mcnemar } from '../../src/stats/mcnemar.ts';
import { methodsFor, PAIRED } from '../../src/stats/methods.ts';
import { pairedT } from '../../src/stats/paired-t.ts';
import { signFlip } from '../../src/stats/sign-flip.ts';
import { tangoInterval } from '../../src/stats/tango.ts';

const seed = 1;
const NO_EVIDENCE = { pTwoSided: 1, pLess: 1, pGreater: 1 };

/** Distinct numbers from 0 to 1 without any pattern that matters. */
const scattered = (n: number, step: number) => Array.from({ length: n }, (_, index) => ((index * step) % 101) / 101);
const pairsOf = (n: number) => Array.from({ length: n }, (_, index) => index >> 1);

test('pass or fail has the interval of Tango and the test of McNemar', () => {
  const a = [1, 1, 1, 0, 1, 0, 0, 1];
  const b = [1, 0, 0, 1, 0, 0, 0, 1];
  const [ciLow, ciHigh] = tangoInterval(3, 1, 8) ?? [];

  expect(comparePairs({ kind: 'binary', a, b, seed })).toEqual({
    n: 8,
    difference: 0.25,
    higherA: 3,
    higherB: 1,
    ciLow,
    ciHigh,
    ciMethod: 'tango',
    reason: null,
    test: mcnemar(3, 1),
    testMethod: 'mcnemar',
  });
});

test('pass or fail averaged over repeats that differ is a graded score', () => {
  const found = comparePairs({ kind: 'binary', a: [0.5, 1, 0, 1], b: [0, 0.5, 0, 0], seed });

  expect(found).toMatchObject({ ciMethod: 'paired-t', testMethod: 'sign-flip', higherA: 3, higherB: 0 });
});

test('many graded differences have paired t, few a permutation test', () => {
  const [a, b] = [scattered(60, 37), scattered(60, 11)];
  const many = comparePairs({ kind: 'bounded', a, b, seed });
  const differences = a.map((score, index) => score - (b[index] ?? 0));

  expect(many).toMatchObject({ n: 60, ciMethod: 'paired-t', testMethod: 'paired-t' });
  expect(many.test).toEqual(pairedT(differences).test);

  const few = comparePairs({ kind: 'bounded', a: a.slice(0, 12), b: b.slice(0, 12), seed });
  expect(few).toMatchObject({ n: 12, ciMethod: 'paired-t', testMethod: 'sign-flip' });
  expect(few.test).toEqual(signFlip(differences.slice(0, 12), { seed }));
});

test('samples that differ in nothing do not make few differences many', () => {
  const same = Array.from({ length: 100 }, () => 0.5);
  const a = [...scattered(10, 37), ...same];
  const b = [...scattered(10, 11), ...same];

  expect(comparePairs({ kind: 'bounded', a, b, seed }).testMethod).toBe('sign-flip');
});

test('clusters are compared as clusters', () => {
  const [a, b, clusters] = [scattered(100, 37), scattered(100, 11), pairsOf(100)];
  const found = comparePairs({ kind: 'unbounded', a, b, clusters, seed });

  expect(found).toMatchObject({ ciMethod: 'clustered-paired-t', testMethod: 'clustered-paired-t' });
  expect(comparePairs({ kind: 'bounded', a, b, clusters: clusters.map((id) => id % 9), seed })).toMatchObject({
    ciMethod: 'clustered-paired-t',
    testMethod: 'sign-flip',
  });
});

test('clustered pass or fail is not treated as independent', () => {
  const a = scattered(80, 37).map((score) => (score > 0.4 ? 1 : 0));
  const b = scattered(80, 11).map((score) => (score > 0.4 ? 1 : 0));

  expect(comparePairs({ kind: 'binary', a, b, clusters: pairsOf(80), seed }).ciMethod).toBe('clustered-paired-t');
});

test('clusters of one are no clusters', () => {
  const [a, b] = [
    [1, 0, 1],
    [0, 0, 1],
  ];

  expect(comparePairs({ kind: 'binary', a, b, clusters: ['x', 'y', null], seed })).toEqual(
    comparePairs({ kind: 'binary', a, b, seed }),
  );
});

test('pooled rates are compared by their linearised ratios', () => {
  const a = { numerators: [2, 0, 5, 1, 3, 4], denominators: [10, 8, 12, 5, 9, 20] };
  const b = { numerators: [3, 1, 4, 1, 5, 6], denominators: [10, 8, 12, 6, 9, 20] };
  const found = comparePairs({ kind: 'pooled', a, b, seed });

  expect(found).toMatchObject({ n: 6, higherA: 2, higherB: 4, ciMethod: 'paired-t', testMethod: 'paired-t' });
  expect(found.difference).toBeCloseTo(15 / 64 - 20 / 65, 12);
});

describe('models that never differ', () => {
  test('graded scores keep an interval: each sample counts as one without a difference', () => {
    const same = scattered(50, 37);
    const [ciLow, ciHigh] = tangoInterval(0, 0, 50) ?? [];
    const found = comparePairs({ kind: 'bounded', a: same, b: same, seed });

    expect(found).toMatchObject({ difference: 0, ciLow, ciHigh, ciMethod: 'tango', reason: null });
    expect(found.test).toMatchObject(NO_EVIDENCE);
  });

  test('with clusters each cluster counts as one', () => {
    const same = scattered(50, 37);
    const [ciLow, ciHigh] = tangoInterval(0, 0, 25) ?? [];

    expect(comparePairs({ kind: 'bounded', a: same, b: same, clusters: pairsOf(50), seed })).toMatchObject({
      ...{ difference: 0, ciLow, ciHigh },
      ciMethod: 'tango-clusters',
    });
  });

  test('figures without bounds have no interval', () => {
    const same = scattered(50, 37);

    const found = comparePairs({ kind: 'unbounded', a: same, b: same, seed });
    expect(found).toMatchObject({ difference: 0, ciLow: null, ciHigh: null, ciMethod: '', reason: 'no spread' });
    expect(found.test).toMatchObject(NO_EVIDENCE);
  });
});

test('one and the same difference everywhere has a p above 0 and no interval', () => {
  const a = Array.from({ length: 30 }, () => 0.75);
  const b = Array.from({ length: 30 }, () => 0.5);
  const found = comparePairs({ kind: 'bounded', a, b, seed });

  expect(found).toMatchObject({ difference: 0.25, ciLow: null, reason: 'no spread', testMethod: 'sign-flip' });
  expect(found.test).toMatchObject({ pTwoSided: 1 / 10_000, isExact: false });
});

test.each([
  ['binary', [], [], 'no values'],
  ['bounded', [0.5], [0.25], 'n too small'],
  ['unbounded', [3], [1], 'n too small'],
] as const)('%s scores %j against %j have no interval: %s', (kind, a, b, reason) => {
  expect(comparePairs({ kind, a, b, seed })).toMatchObject({ ciLow: null, ciHigh: null, ciMethod: '', reason });
});

test('one cluster has no interval', () => {
  const [a, b, clusters] = [
    [0.1, 0.9, 0.4],
    [0.2, 0.3, 0.1],
    ['x', 'x', 'x'],
  ];

  expect(comparePairs({ kind: 'bounded', a, b, clusters, seed })).toMatchObject({ ciLow: null, reason: 'one cluster' });
});

test('nothing to compare and a rate over nothing have no difference', () => {
  const nothing = { difference: null, test: null, testMethod: '' };
  const [none, empty] = [
    { numerators: [0], denominators: [0] },
    { numerators: [], denominators: [] },
  ];

  expect(comparePairs({ kind: 'bounded', a: [], b: [], seed })).toMatchObject(nothing);
  expect(comparePairs({ kind: 'pooled', a: none, b: none, seed })).toMatchObject({
    ...nothing,
    reason: 'no denominator',
  });
  expect(comparePairs({ kind: 'pooled', a: empty, b: empty, seed })).toMatchObject({ ...nothing, reason: 'no values' });
});

test('wrong values are a bug of the caller', () => {
  expect(() => comparePairs({ kind: 'binary', a: [1, 2], b: [0, 1], seed })).toThrow(
    new RangeError('a[1] is 2; a score must be from 0 to 1'),
  );
  expect(() => comparePairs({ kind: 'bounded', a: [1], b: [Number.NaN], seed })).toThrow(RangeError);
  expect(() => comparePairs({ kind: 'bounded', a: [1, 0], b: [1], seed })).toThrow(RangeError);
  expect(() => comparePairs({ kind: 'bounded', a: [1, 0], b: [1, 1], clusters: ['x'], seed })).toThrow(RangeError);
});

const sample = fc.record({
  a: fc.integer({ min: 0, max: 4 }),
  b: fc.integer({ min: 0, max: 4 }),
  cluster: fc.constantFrom('x', 'y', 'z', null),
});

test('every comparison uses the methods of its row, holds its difference and turns when the models are swapped', () => {
  const kinds = fc.constantFrom('binary' as const, 'bounded' as const, 'unbounded' as const);
  fc.assert(
    fc.property(
      kinds,
      fc.boolean(),
      fc.array(sample, { minLength: 1, maxLength: 40 }),
      (kind, isClustered, samples) => {
        const value = (level: number) => (kind === 'binary' ? level % 2 : level / 4);
        const [a, b] = [samples.map((one) => value(one.a)), samples.map((one) => value(one.b))];
        const ids = samples.map(({ cluster }) => (isClustered ? cluster : null));
        const labels = ids.filter((id) => id !== null);
        const row = methodsFor(PAIRED, kind, false, new Set(labels).size < labels.length);

        const there = comparePairs({ kind, a, b, clusters: ids, seed });
        const back = comparePairs({ kind, a: b, b: a, clusters: ids, seed });

        expect(['', row.interval, row.withoutSpread]).toContain(there.ciMethod);
        expect(['', row.test, row.testOfFew]).toContain(there.testMethod);
        expect([back.higherA, back.higherB]).toEqual([there.higherB, there.higherA]);
        expect(back.difference ?? 0).toBeCloseTo(-(there.difference ?? 0), 12);
        expect(back.test?.pLess ?? -1).toBeCloseTo(there.test?.pGreater ?? -1, 9);
        if (there.ciLow === null || there.ciHigh === null) return;
        expect(back.ciLow ?? Number.NaN).toBeCloseTo(-there.ciHigh, 9);
        expect(there.ciLow).toBeLessThanOrEqual(there.difference ?? Number.NaN);
        expect(there.ciHigh).toBeGreaterThanOrEqual(there.difference ?? Number.NaN);
      },
    ),
  );
});
