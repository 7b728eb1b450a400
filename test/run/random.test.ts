import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/run/random.ts';

const draw = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

test('the same seed gives the same numbers in [0, 1), another seed gives other numbers', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (seed) => {
      const numbers = draw(seed, 50);
      expect(draw(seed, 50)).toEqual(numbers);
      expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
      expect(draw(seed + 1, 50)).not.toEqual(numbers);
    }),
  );
});

test('the numbers are spread evenly', () => {
  const bins = Array.from({ length: 10 }, () => 0);
  for (const number of draw(7, 100_000)) bins[Math.floor(10 * number)] = (bins[Math.floor(10 * number)] ?? 0) + 1;

  for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});
