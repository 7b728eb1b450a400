import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom, randomBelow } from '../../../src/stats/random.ts';
import { bettingInterval, createWager } from '../../../src/stats/sequential/betting.ts';

const sequence = (values: readonly number[], population = values.length) =>
  values.map((value) => ({ value, population }));
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const lists = fc.array(
  fc.integer({ min: 0, max: 4 }).map((quarter) => quarter / 4),
  { minLength: 1, maxLength: 60 },
);

test('the whole list leaves only its own mean', () => {
  fc.assert(
    fc.property(lists, (values) => {
      const [low, high] = bettingInterval(sequence(values), 0.05);
      expect(low).toBeCloseTo(meanOf(values), 6);
      expect(high).toBeCloseTo(meanOf(values), 6);
    }),
  );
});

test('an interval never leaves 0 to 1, and narrows with every value', () => {
  fc.assert(
    fc.property(lists, (values) => {
      let [low, high] = [0, 1];
      for (let count = 1; count <= values.length; count += 7) {
        const [nextLow, nextHigh] = bettingInterval(sequence(values.slice(0, count), 100), 0.05);
        expect(nextLow).toBeGreaterThanOrEqual(low - 1e-9);
        expect(nextHigh).toBeLessThanOrEqual(high + 1e-9);
        [low, high] = [nextLow, nextHigh];
      }
    }),
    { numRuns: 30 },
  );
});

test('the sides are mirror images', () => {
  fc.assert(
    fc.property(lists, (values) => {
      const [low, high] = bettingInterval(sequence(values, 80), 0.1);
      const [mirroredLow, mirroredHigh] = bettingInterval(
        sequence(
          values.map((value) => 1 - value),
          80,
        ),
        0.1,
      );
      expect(1 - low).toBeCloseTo(mirroredHigh, 9);
      expect(1 - high).toBeCloseTo(mirroredLow, 9);
    }),
    { numRuns: 30 },
  );
});

test('without any bet won, the capital of one value is what the stakes say', () => {
  const wager = createWager(0.5, 'above');
  wager.add(1, 1000);
  // The mean of 1 + stake / 2 over stakes of 1.5, 1.5 / 1.8, 1.5 / 1.8^2 and so on.
  const stakes = [0, 1, 2, 3, 4, 5].map((power) => 1.5 / 1.8 ** power);
  expect(wager.evidence()).toBeCloseTo(1 + meanOf(stakes) / 2, 12);
});

test('the true mean is covered at every look, in at least 95 of 100 shuffles', () => {
  const random = createRandom(5);
  const list = Array.from({ length: 120 }, (_, index): number => (index < 30 ? 1 : index < 50 ? 0 : 0.5));
  const [mean, shuffles] = [meanOf(list), 400];
  let wrong = 0;
  for (let shuffle = 0; shuffle < shuffles; shuffle += 1) {
    for (let last = list.length - 1; last > 0; last -= 1) {
      const other = randomBelow(random, last + 1);
      [list[last], list[other]] = [list[other] ?? 0, list[last] ?? 0];
    }
    const wagers = [createWager(mean, 'above'), createWager(mean, 'below')];
    for (const value of list) for (const wager of wagers) wager.add(value, list.length);
    if (wagers.some((wager) => wager.evidence() >= 2 / 0.05)) wrong += 1;
  }
  expect(wrong / shuffles).toBeLessThan(0.05);
});

test('a value beyond the list is a bug of the caller', () => {
  const wager = createWager(0.5, 'above');
  wager.add(1, 1);
  expect(() => wager.add(1, 1)).toThrow(RangeError);
});
