import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wilsonInterval } from '../../src/stats/wilson.ts';

const counts = fc
  .integer({ min: 1, max: 100_000 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

test('there is no interval without observations', () => {
  expect(wilsonInterval(0, 0)).toBeNull();
});

test('the ends are exact', () => {
  expect(wilsonInterval(0, 7)?.[0]).toBe(0);
  expect(wilsonInterval(7, 7)?.[1]).toBe(1);
});

test('the interval holds the share, stays in [0, 1] and mirrors that of the failures', () => {
  fc.assert(
    fc.property(counts, ([successes, n]) => {
      const [low = Number.NaN, high = Number.NaN] = wilsonInterval(successes, n) ?? [];
      const [mirrorLow = Number.NaN, mirrorHigh = Number.NaN] = wilsonInterval(n - successes, n) ?? [];
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(successes / n);
      expect(high).toBeGreaterThanOrEqual(successes / n);
      expect(low).toBeCloseTo(1 - mirrorHigh, 12);
      expect(high).toBeCloseTo(1 - mirrorLow, 12);
    }),
  );
});

test('more confidence makes a wider interval', () => {
  fc.assert(
    fc.property(counts, ([successes, n]) => {
      const [low, high] = wilsonInterval(successes, n, 0.8) ?? [];
      const [lower, higher] = wilsonInterval(successes, n, 0.99) ?? [];
      expect(lower).toBeLessThanOrEqual(low ?? Number.NaN);
      expect(higher).toBeGreaterThanOrEqual(high ?? Number.NaN);
    }),
  );
});

test.each([
  [3, 2, 0.95, 'successes is 3; it must be a whole number from 0 to 2'],
  [-1, 2, 0.95, 'successes is -1; it must be a whole number from 0 to 2'],
  [0.5, 2, 0.95, 'successes is 0.5; it must be a whole number from 0 to 2'],
  [1, Number.NaN, 0.95, 'n is NaN; it must be a whole number of at least 0'],
  [1, 2, 95, 'confidence is 95; it must be above 0 and below 1'],
])('%d of %d at a confidence of %d is rejected', (successes, n, confidence, message) => {
  expect(() => wilsonInterval(successes, n, confidence)).toThrow(new RangeError(message));
});
