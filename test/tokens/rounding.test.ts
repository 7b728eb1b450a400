import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ceilOf, floorOf, roundHalfEven } from '../../src/tokens/rounding.ts';

test.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [2.4, 2],
  [2.6, 3],
  [-0.5, 0],
  [-1.5, -2],
  [7, 7],
])('rounds %s to %s as Python does', (value, expected) => {
  expect(Math.abs(roundHalfEven(value) - expected)).toBe(0);
});

test('half to even is never further than half from the value', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
      expect(Math.abs(roundHalfEven(value) - value)).toBeLessThanOrEqual(0.5);
    }),
  );
});

test('float noise around a whole number is neither a ceiling nor a floor away', () => {
  expect(ceilOf(1.1 * 10)).toBe(11);
  expect(ceilOf(11.001)).toBe(12);
  expect(floorOf(0.29 * 100)).toBe(29);
  expect(floorOf(28.99)).toBe(28);
});
