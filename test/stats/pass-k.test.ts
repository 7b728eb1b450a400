import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passAtK, passHatK } from '../../src/stats/pass-k.ts';

const counts = fc
  .integer({ min: 1, max: 60 })
  .chain((n) => fc.tuple(fc.constant(n), fc.nat({ max: n }), fc.integer({ min: 1, max: n })));

test('one try passes as often as repeats do', () => {
  expect(passAtK(8, 3, 1)).toBeCloseTo(3 / 8, 15);
  expect(passHatK(8, 3, 1)).toBeCloseTo(3 / 8, 15);
});

test('fewer repeats than tries give no figure', () => {
  expect(passAtK(3, 3, 4)).toBeNull();
  expect(passHatK(3, 3, 4)).toBeNull();
  expect(passAtK(0, 0, 1)).toBeNull();
});

test('all tries pass at most as often as any does; more tries lower the one and raise the other', () => {
  fc.assert(
    fc.property(counts, ([n, passes, k]) => {
      const [any = Number.NaN, all = Number.NaN] = [
        passAtK(n, passes, k) ?? undefined,
        passHatK(n, passes, k) ?? undefined,
      ];
      expect(all).toBeGreaterThanOrEqual(0);
      expect(all).toBeLessThanOrEqual(any + 1e-12);
      expect(any).toBeLessThanOrEqual(1);
      expect(passAtK(n, passes, k + 1) ?? 1).toBeGreaterThanOrEqual(any - 1e-12);
      expect(passHatK(n, passes, k + 1) ?? 0).toBeLessThanOrEqual(all + 1e-12);
    }),
  );
});

test('any try of k passes unless all of them fail', () => {
  fc.assert(
    fc.property(counts, ([n, passes, k]) => {
      expect(passAtK(n, passes, k)).toBeCloseTo(1 - (passHatK(n, n - passes, k) ?? Number.NaN), 12);
    }),
  );
});

test('many repeats do not overflow', () => {
  expect(passAtK(100_000, 50_000, 2)).toBeCloseTo(0.75, 4);
});

test.each([
  [3, 4, 1],
  [3, -1, 1],
  [3, 1, 0],
  [3, 1.5, 1],
  [Number.NaN, 1, 1],
])('n = %d, passes = %d and k = %d are rejected', (n, passes, k) => {
  expect(() => passAtK(n, passes, k)).toThrow(RangeError);
  expect(() => passHatK(n, passes, k)).toThrow(RangeError);
});
