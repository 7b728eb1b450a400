import { expect, test } from 'vitest';
import { createNoise } from '../../src/media/noise.ts';

const take = (count: number, noise: () => number) => Array.from({ length: count }, noise);
const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;

test('has mean 0 and deviation 1', () => {
  const values = take(50_000, createNoise(1, 'a'));

  expect(mean(values)).toBeCloseTo(0, 1);
  expect(mean(values.map((value) => value * value))).toBeCloseTo(1, 1);
  // As many beyond two deviations as the normal distribution has.
  expect(values.filter((value) => Math.abs(value) > 2).length / values.length).toBeCloseTo(0.0455, 2);
});

test('is the same for the same seed and medium only', () => {
  const first = take(100, createNoise(1, 'a'));

  expect(take(100, createNoise(1, 'a'))).toEqual(first);
  expect(take(100, createNoise(2, 'a'))).not.toEqual(first);
  expect(take(100, createNoise(1, 'b'))).not.toEqual(first);
});
