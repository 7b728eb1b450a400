import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalQuantile } from '../../src/stats/distributions/normal-quantile.ts';
import { tangoInterval, tangoNonInferiority } from '../../src/stats/tango.ts';

const pairs = fc
  .tuple(fc.nat({ max: 200 }), fc.nat({ max: 200 }), fc.nat({ max: 1000 }))
  .filter(([onlyA, onlyB, same]) => onlyA + onlyB + same > 0);

test('there is no interval without pairs', () => {
  expect(tangoInterval(0, 0, 0)).toBeNull();
  expect(tangoNonInferiority(0, 0, 0, 0.05)).toBeNull();
});

test('without discordant pairs the interval is symmetric and shrinks with n', () => {
  const square = normalQuantile(0.975) ** 2;
  for (const n of [1, 20, 1000]) {
    const [low = Number.NaN, high = Number.NaN] = tangoInterval(0, 0, n) ?? [];
    expect(high).toBeCloseTo(square / (n + square), 12);
    expect(low).toBeCloseTo(-high, 12);
  }
});

test('when only A passes every pair the interval ends at 1', () => {
  const [low, high] = tangoInterval(12, 0, 12) ?? [];

  expect(high).toBe(1);
  expect(low).toBeGreaterThan(0.5);
  expect(tangoInterval(0, 12, 12)?.[0]).toBe(-1);
});

test('the interval holds the difference, stays in [-1, 1] and turns when the models are swapped', () => {
  fc.assert(
    fc.property(pairs, ([onlyA, onlyB, same]) => {
      const n = onlyA + onlyB + same;
      const [low = Number.NaN, high = Number.NaN] = tangoInterval(onlyA, onlyB, n) ?? [];
      const [swappedLow = Number.NaN, swappedHigh = Number.NaN] = tangoInterval(onlyB, onlyA, n) ?? [];
      expect(low).toBeGreaterThanOrEqual(-1);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual((onlyA - onlyB) / n);
      expect(high).toBeGreaterThanOrEqual((onlyA - onlyB) / n);
      expect(low).toBeCloseTo(-swappedHigh, 10);
      expect(high).toBeCloseTo(-swappedLow, 10);
    }),
  );
});

test('the test of non-inferiority agrees with the lower bound of the interval', () => {
  fc.assert(
    fc.property(pairs, fc.double({ min: 0.01, max: 0.5, noNaN: true }), ([onlyA, onlyB, same], margin) => {
      const n = onlyA + onlyB + same;
      const low = tangoInterval(onlyA, onlyB, n, 0.9)?.[0] ?? Number.NaN;
      const p = tangoNonInferiority(onlyA, onlyB, n, margin)?.p ?? Number.NaN;
      fc.pre(Math.abs(low + margin) > 1e-9);
      expect(p < 0.05).toBe(low > -margin);
    }),
  );
});

test.each([
  [3, 2, 4],
  [-1, 0, 4],
  [1, 0.5, 4],
])('%d and %d of %d pairs cannot be', (onlyA, onlyB, n) => {
  expect(() => tangoInterval(onlyA, onlyB, n)).toThrow(RangeError);
});

test('a margin outside 0 to 1 is rejected', () => {
  expect(() => tangoNonInferiority(1, 1, 10, 0)).toThrow(new RangeError('margin is 0; it must be above 0 and below 1'));
});
