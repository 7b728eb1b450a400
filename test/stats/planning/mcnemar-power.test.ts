import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mcnemar } from '../../../src/stats/mcnemar.ts';
import { mcnemarDetectable, mcnemarPower, mcnemarSamples } from '../../../src/stats/planning/mcnemar-power.ts';
import { createRandom } from '../../../src/stats/random.ts';

// Reference: scipy 1.17.1, sum over binom.pmf(d, n, discordant) of the binomial tails beyond the exact critical count.
test.each([
  [200, { difference: 0.1, discordant: 0.25 }, 0.7867739340859112],
  [50, { difference: -0.2, discordant: 0.4, alpha: 0.01 }, 0.28748562454240467],
  [300, { difference: 0.05, discordant: 0.05 }, 0.9976678613498983],
  [40, { difference: 0.3, discordant: 1 }, 0.4407948955737432],
])('%d samples see %j with a chance of %d', (n, design, power) => {
  expect(mcnemarPower(n, design)).toBeCloseTo(power, 10);
});

test.each([
  [{ difference: 0.2, discordant: 0.4 }, 84],
  [{ difference: 0.15, discordant: 0.2, power: 0.9 }, 90],
])('%j takes %d samples', (design, n) => {
  expect(mcnemarSamples(design)).toBe(n);
});

test('samples and differences answer one another', () => {
  const designs = fc.record({
    discordant: fc.double({ min: 0.05, max: 1, noNaN: true }),
    part: fc.double({ min: 0.2, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(designs, ({ discordant, part }) => {
      const difference = discordant * part;
      const n = mcnemarSamples({ difference, discordant });
      expect(mcnemarPower(n, { difference, discordant })).toBeGreaterThanOrEqual(0.8);
      expect(mcnemarDetectable(n, { discordant })).toBeLessThanOrEqual(difference + 1e-9);
    }),
    { numRuns: 30 },
  );
});

test('the promised power comes true within 3 points', () => {
  const [difference, discordant, simulations] = [0.08, 0.3, 4000];
  const n = mcnemarSamples({ difference, discordant });
  const random = createRandom(7);
  let significant = 0;
  for (let simulation = 0; simulation < simulations; simulation += 1) {
    const counts = { onlyA: 0, onlyB: 0 };
    for (let sample = 0; sample < n; sample += 1) {
      const u = random() / 2 ** 32;
      if (u < (discordant - difference) / 2) counts.onlyA += 1;
      else if (u < discordant) counts.onlyB += 1;
    }
    if (mcnemar(counts.onlyA, counts.onlyB).pTwoSided < 0.05) significant += 1;
  }
  expect(Math.abs(significant / simulations - 0.8)).toBeLessThan(0.03);
});

test('a few samples see nothing', () => {
  expect(mcnemarPower(3, { difference: 0.2, discordant: 0.2 })).toBe(0);
  expect(mcnemarDetectable(3, { discordant: 0.2 })).toBeNull();
});

test('a difference above the discordant share does not exist', () => {
  expect(() => mcnemarPower(10, { difference: 0.3, discordant: 0.2 })).toThrow('0.2');
  expect(() => mcnemarSamples({ difference: 0, discordant: 0.2 })).toThrow(RangeError);
});
