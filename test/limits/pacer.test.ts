import { expect, test } from 'vitest';
import { createPacer } from '../../src/limits/pacer.ts';

test('without a rate nothing waits', () => {
  const pacer = createPacer(1);
  for (let sent = 0; sent < 1000; sent += 1) pacer.take(1, 0);
  expect(pacer.waitMs(1, 0)).toBe(0);
});

test('what is low is made to last until its reset, and no longer', () => {
  const pacer = createPacer(1);
  pacer.learn(100, 10, 5000, 0);
  pacer.take(1, 0);
  expect(pacer.waitMs(1, 0)).toBeCloseTo(500);
  expect(pacer.waitMs(1, 5000)).toBe(0);
  pacer.take(1, 5000);
  expect(pacer.waitMs(1, 5000)).toBe(0);
});

test.each([
  ['a limit alone', 1, undefined, undefined],
  ['plenty left', 100, 50, 5000],
  ['no reset', 100, 10, undefined],
  ['nothing said', undefined, undefined, undefined],
])('%s sets no rate', (_, limit, remaining, resetMs) => {
  const pacer = createPacer(1);
  pacer.learn(limit, remaining, resetMs, 0);
  pacer.take(1, 0);
  pacer.take(1, 0);
  expect(pacer.waitMs(1, 0)).toBe(0);
});

test('without a limit the most that was ever left tells what is low', () => {
  const pacer = createPacer(1);
  pacer.learn(undefined, 100, 1000, 0);
  pacer.learn(undefined, 10, 5000, 0);
  pacer.take(1, 0);
  expect(pacer.waitMs(1, 0)).toBeCloseTo(500);
});

test('plenty again lifts the pace', () => {
  const pacer = createPacer(1);
  pacer.learn(100, 10, 5000, 0);
  pacer.take(1, 0);
  pacer.learn(100, 90, 5000, 100);
  expect(pacer.waitMs(1, 100)).toBe(0);
});

test('the slower of the set rate and what is left counts', () => {
  const pacer = createPacer(1);
  pacer.setRate(0.001, 0);
  pacer.learn(100, 10, 5000, 0);
  pacer.take(1, 0);
  expect(pacer.waitMs(1, 0)).toBeCloseTo(1000);
});
