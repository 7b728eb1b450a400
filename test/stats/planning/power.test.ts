import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  detectableDifference,
  detectableDifferenceNormal,
  discordantDeviation,
  samplesNeeded,
  samplesNeededNormal,
} from '../../../src/stats/planning/power.ts';

// Reference: scipy 1.17.1, root of stats.nct.sf(t.ppf(1 - alpha / 2, n - 1), n - 1, sqrt(n) d / sd) = power.
test.each([
  [0.05, { deviation: 0.2, power: 0.9 }, 170.05112829859524],
  [1, { deviation: 1 }, 9.937863566261843],
  [0.5, { deviation: 1, alpha: 0.01, power: 0.95 }, 74.61088667846651],
])('a difference of %d with %j needs %d samples', (difference, design, n) => {
  expect(samplesNeeded(difference, design)).toBeCloseTo(n, 6);
});

test.each([
  [200, { deviation: 0.4 }, 0.07962576762209503],
  [10, { deviation: 1, alpha: 0.01, power: 0.9 }, 1.509734485595462],
  [3, { deviation: 0.5 }, 1.6320217749099597],
])('%d samples with %j see a difference of %d', (n, design, difference) => {
  expect(detectableDifference(n, design)).toBeCloseTo(difference, 8);
});

test('samples and differences answer one another', () => {
  const settings = fc.tuple(fc.integer({ min: 4, max: 5000 }), fc.double({ min: 0.05, max: 2, noNaN: true }));
  fc.assert(
    fc.property(settings, ([n, deviation]) => {
      const difference = detectableDifference(n, { deviation }) ?? Number.NaN;
      expect(samplesNeeded(difference, { deviation }) / n).toBeCloseTo(1, 6);
      const approximate = detectableDifferenceNormal(n, { deviation });
      expect(samplesNeededNormal(approximate, { deviation }) / n).toBeCloseTo(1, 9);
      expect(approximate).toBeLessThan(difference);
    }),
    { numRuns: 20 },
  );
});

test('more samples see smaller differences', () => {
  const see = (n: number) => detectableDifference(n, { deviation: 0.3 }) ?? Number.NaN;

  expect(see(50)).toBeGreaterThan(see(100));
  expect(see(100)).toBeGreaterThan(see(10_000));
});

test('a difference far above the spread still needs two samples', () => {
  expect(samplesNeeded(1000, { deviation: 0.01 })).toBe(2);
});

test('one sample sees nothing', () => {
  expect(detectableDifference(1, { deviation: 0.3 })).toBeNull();
});

test('the spread of pass/fail differences follows from how many samples differ', () => {
  expect(discordantDeviation(0.25)).toBe(0.5);
  expect(() => discordantDeviation(0)).toThrow(RangeError);
  expect(() => discordantDeviation(1.5)).toThrow(RangeError);
});

test.each([
  [0, { deviation: 1 }],
  [Number.NaN, { deviation: 1 }],
  [0.1, { deviation: 0 }],
  [0.1, { deviation: 1, alpha: 0 }],
  [0.1, { deviation: 1, power: 1 }],
  [0.1, { deviation: 1, alpha: 0.1, power: 0.05 }],
])('a difference of %d with %j is rejected', (difference, design) => {
  expect(() => samplesNeeded(difference, design)).toThrow(RangeError);
  expect(() => samplesNeededNormal(difference, design)).toThrow(RangeError);
});
