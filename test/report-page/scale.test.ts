import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearScale, logScale, paretoFront } from '../../src/report-page/scale.ts';

test('a linear scale has round numbers that reach over all values', () => {
  expect(linearScale(0.13, 0.87, 0, 100, 4).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(linearScale(0, 45, 0, 100, 4).ticks).toEqual([0, 20, 40, 60]);
});

test('a logarithmic scale has 1, 2 and 5 within its bounds', () => {
  expect(logScale(0.9, 12, 0, 100).ticks).toEqual([1, 2, 5, 10]);
});

test('positions stay between the ends, for equal values, too', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
      fc.double({ min: 1, max: 1e6, noNaN: true }),
      (low, factor) => {
        for (const scale of [linearScale(low, low * factor, 0, 100), logScale(low, low * factor, 0, 100)]) {
          for (const value of [low, low * factor]) {
            expect(scale.at(value)).toBeGreaterThanOrEqual(-1e-6);
            expect(scale.at(value)).toBeLessThanOrEqual(100 + 1e-6);
          }
        }
      },
    ),
  );
});

test('the front has the points that nothing beats, cheapest first', () => {
  const points = [
    { x: 3, y: 0.9 },
    { x: 1, y: 0.5 },
    { x: 2, y: 0.4 },
    { x: 2, y: 0.8 },
    { x: 4, y: 0.9 },
  ];

  expect(paretoFront(points)).toEqual([
    { x: 1, y: 0.5 },
    { x: 2, y: 0.8 },
    { x: 3, y: 0.9 },
  ]);
});
