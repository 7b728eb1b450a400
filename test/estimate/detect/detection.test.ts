import { expect, test } from 'vitest';
import { detect } from '../../../src/estimate/detect/detection.ts';
import type { Spread } from '../../../src/estimate/detect/spread.ts';
import type { ModelEstimate } from '../../../src/estimate/estimate-document.ts';
import { pairedT } from '../../../src/stats/paired-t.ts';
import { createRandom } from '../../../src/stats/random.ts';

const model = (id: string, more: object = {}) =>
  ({ id, cells: 100, requests: 100, minutes: 2, costUsd: { low: 1, expected: 2, high: 3 }, ...more }) as ModelEstimate;
const ESTIMATE = {
  models: [model('a'), model('b')],
  dataset: { path: 'm.csv', sha256: '', samples: 100 },
  repeat: 1,
};
const GOAL = { difference: 0.05, power: 0.8, alpha: 0.05 };
const GRADED: Spread = {
  discordant: null,
  paired: 0.09,
  repeating: 0.06,
  single: [0.1, 0.1],
  singleRepeating: [0.03, 0.03],
  bounds: [0.5, 2],
};
const ASSUMED = { assumed: {} };
const pairOf = (spread: Spread, b = 'b') => ({ a: 'a', b, spread });

test('cost, calls and minutes grow with samples and repeats', () => {
  const [pair] = detect(GOAL, [pairOf(GRADED)], ASSUMED, ESTIMATE).pairs;
  const [once, twice] = pair?.rows ?? [];

  expect(once).toMatchObject({ repeats: 1, method: 'paired-t', paired: { samples: 285, calls: 570 } });
  expect(once?.paired.costUsd).toBeCloseTo(11.4);
  expect(once?.paired.minutes).toBeCloseTo(5.7);
  expect(twice).toMatchObject({ repeats: 2, paired: { samples: 191, calls: 764 } });
});

test('a small pilot gives a range', () => {
  const [once] = detect(GOAL, [pairOf(GRADED)], ASSUMED, ESTIMATE).pairs[0]?.rows ?? [];

  expect(once?.paired.samplesLow).toBeLessThan(150);
  expect(once?.paired.samplesHigh).toBeGreaterThan(560);
});

test('several pairs divide alpha', () => {
  const one = detect(GOAL, [pairOf(GRADED)], ASSUMED, ESTIMATE);
  const two = detect(GOAL, [pairOf(GRADED), pairOf(GRADED)], ASSUMED, ESTIMATE);

  expect(two.alphaOfPair).toBe(0.025);
  expect(two.pairs[0]?.rows[0]?.paired.samples).toBeGreaterThan(one.pairs[0]?.rows[0]?.paired.samples ?? 0);
});

test('says which repeats make the samples of the manifest enough', () => {
  const noisy = { ...GRADED, paired: 0.06, repeating: 0.05 };

  expect(detect(GOAL, [pairOf(noisy)], ASSUMED, ESTIMATE).pairs[0]?.repeatsOfManifest).toBe(3);
  expect(detect(GOAL, [pairOf(GRADED)], ASSUMED, ESTIMATE).pairs[0]?.repeatsOfManifest).toBeNull();
});

test('a model without a price leaves the cost open, and one without a rate the time of the pilot', () => {
  const open = { costUsd: 'unpriced', minutes: null };
  const estimate = { ...ESTIMATE, models: [model('a', open), model('b', open)] };
  const pilot = { pilot: 'results/x', samples: 50, repeats: 1, minutesPerCall: 0.01 };

  const need = detect(GOAL, [pairOf(GRADED)], pilot, estimate).pairs[0]?.rows[0]?.paired;

  expect(need?.costUsd).toBe('unpriced');
  expect(need?.minutes).toBeCloseTo(5.7);
});

test('the promised power of grades comes true within 3 points, also with repeats', () => {
  const [, twice] = detect(GOAL, [pairOf(GRADED)], ASSUMED, ESTIMATE).pairs[0]?.rows ?? [];
  const n = twice?.paired.samples ?? 0;
  const random = createRandom(3);
  // A sum of twelve uniform numbers is close to a normal one.
  const normal = () => Array.from({ length: 12 }, () => random() / 2 ** 32).reduce((sum, u) => sum + u, -6);
  let significant = 0;
  for (let simulation = 0; simulation < 1000; simulation += 1) {
    const deltas = Float64Array.from({ length: n }, () => {
      const sample = GOAL.difference + Math.sqrt(0.03) * normal();
      return sample + (Math.sqrt(0.06) * (normal() + normal())) / 2;
    });
    if ((pairedT(deltas, null, 0.95).test?.pTwoSided ?? 1) < 0.05) significant += 1;
  }
  expect(Math.abs(significant / 1000 - 0.8)).toBeLessThan(0.03);
});
