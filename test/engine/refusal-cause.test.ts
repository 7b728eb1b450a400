import { expect, test } from 'vitest';
import { createRefusalCause } from '../../src/engine/refusal-cause.ts';

/** Refusals at a rate (per ms), each after so many answers that took so many milliseconds together, pauses included. */
function setup() {
  let now = 0;
  const cause = createRefusalCause(now);
  return (answers: number, ms: number, rate: number, further = 0): boolean => {
    now += ms;
    for (let index = 0; index < answers; index += 1) cause.onAnswer();
    const followsFromRate = cause.followsFromRate(rate, now);
    for (let index = 0; index < further; index += 1) cause.onFurtherRefusal();
    return followsFromRate;
  };
}

/** One in 25 requests is refused, however slowly they come. */
function byChance(refuse: ReturnType<typeof setup>): readonly boolean[] {
  return [refuse(24, 400, 0.064), refuse(24, 800, 0.048), refuse(24, 1200, 0.02)];
}

test('refusals that come as often below a pace that was granted twice have nothing to do with the rate', () => {
  expect(byChance(setup())).toEqual([true, true, false]);
});

test('they change nothing from then on while they come as often as before', () => {
  const refuse = setup();
  byChance(refuse);
  for (const answers of [30, 11, 25, 18, 24, 40]) expect(refuse(answers, 500, 0.064)).toBe(false);
});

test('refusals that get more frequent than they were are heeded again', () => {
  const refuse = setup();
  byChance(refuse);
  expect([20, 7, 7, 7].map((answers) => refuse(answers, 500, 0.064))).toEqual([false, false, true, true]);
});

test('so are refusals that are many at once', () => {
  const refuse = setup();
  byChance(refuse);
  expect(refuse(24, 500, 0.064, 20)).toBe(false);
  expect(refuse(24, 500, 0.064)).toBe(true);
});

test('refusals at the pace that is granted are a quota, and so is a burst of savings before it', () => {
  const refuse = setup();
  const verdicts = [refuse(60, 1000, 0.064), ...[0.03, 0.012, 0.01].map((rate) => refuse(20, 2000, rate))];
  expect(verdicts).toEqual([true, true, true, true]);
});

test('refusals that were rarer at the faster paces are those of a quota that was lowered', () => {
  const refuse = setup();
  const atFirst = [1, 2, 3].map(() => refuse(60, 6000, 0.01));
  expect([...atFirst, refuse(12, 1500, 0.008), refuse(20, 4000, 0.006)]).toEqual(Array.from({ length: 5 }, () => true));
});

test('a few answers show no pace', () => {
  const refuse = setup();
  expect([0.064, 0.05, 0.04, 0.01].map((rate) => refuse(10, 100, rate))).toEqual([true, true, true, true]);
});
