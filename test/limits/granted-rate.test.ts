import { expect, test } from 'vitest';
import { createGrantedRate } from '../../src/limits/granted-rate.ts';

/** Answers to what was sent evenly in the last second. */
function answers(rate: ReturnType<typeof createGrantedRate>, count: number, until = 0) {
  for (let index = 1; index <= count; index += 1) rate.onAnswer(until - 1000 + (1000 * index) / count);
}

test('is the configured rate until something is refused', () => {
  const rate = createGrantedRate(0.05, 0);
  answers(rate, 1000);
  expect(rate.value(3_600_000)).toBe(0.05);
});

test('is unknown without a configured rate until something is refused', () => {
  expect(createGrantedRate(Number.POSITIVE_INFINITY, 0).value(1000)).toBe(Number.POSITIVE_INFINITY);
});

test('a refusal cuts a configured rate to 80 %, and to what was answered when that is less', () => {
  const fast = createGrantedRate(0.05, 0);
  answers(fast, 50);
  fast.onRefusal(1000, 1000);
  expect(fast.value(1000)).toBeCloseTo(0.04);

  const slow = createGrantedRate(0.05, 0);
  answers(slow, 20);
  slow.onRefusal(1000, 1000);
  expect(slow.value(1000)).toBeCloseTo(0.02);
});

test('measures an unconfigured rate from the answers between refusals, once there are enough', () => {
  const rate = createGrantedRate(Number.POSITIVE_INFINITY, 0);
  answers(rate, 5);
  rate.onRefusal(1000, 1000);
  expect(rate.value(1000)).toBe(Number.POSITIVE_INFINITY);
  answers(rate, 5);
  rate.onRefusal(2000, 2000);
  expect(rate.value(2000)).toBeCloseTo(10 / 2000);
});

test('grows gently first and ever faster, up to the configured rate', () => {
  const rate = createGrantedRate(0.05, 0);
  for (let cut = 0; cut < 4; cut += 1) {
    answers(rate, 1);
    rate.onRefusal(1000, 1000);
  }
  const base = 0.05 * 0.8 ** 4;
  expect(rate.value(1000)).toBeCloseTo(base);
  expect(rate.value(4000) / base).toBeCloseTo(1.064, 2);
  expect(rate.value(11_000) / base).toBeCloseTo(2.0, 1);
  expect(rate.value(60_000)).toBe(0.05);
});

test('refusals without an answer between them cut once', () => {
  const rate = createGrantedRate(0.05, 0);
  for (const now of [1000, 2000, 4000]) rate.onRefusal(now, now);
  expect(rate.value(4000)).toBeCloseTo(0.04);
});

test('a rate of a few a minute grows by requests, not by time', () => {
  const rate = createGrantedRate(Number.POSITIVE_INFINITY, 0);
  answers(rate, 8);
  rate.onRefusal(48_000, 48_000);
  const base = rate.value(48_000);
  expect(base).toBeCloseTo(10 / 60_000);
  expect(rate.value(60_000) / base).toBeLessThan(1.01);
  expect(rate.value(48_000 + 360_000) / base).toBeCloseTo(Math.E);
});

test('does not grow while nothing is sent', () => {
  const rate = createGrantedRate(0.05, 0);
  rate.onRefusal(1000, 1000);
  rate.resumeAt(31_000);
  expect(rate.value(31_000)).toBeCloseTo(0.04);
});

/** A refusal a second whatever the rate; each but it is answered. Resolves into the rates, per ms. */
function byChance(rate: ReturnType<typeof createGrantedRate>, seconds: number): readonly number[] {
  return Array.from({ length: seconds }, (_, index) => {
    const now = 1000 * (index + 1);
    answers(rate, Math.floor(1000 * rate.value(now)) - 1, now);
    rate.onRefusal(now, now);
    return rate.value(now);
  });
}

test('what was cut for nothing is given back, and refusals by chance cut no more', () => {
  const seen = byChance(createGrantedRate(0.05, 0), 20);
  expect(Math.min(...seen.slice(0, 3))).toBeLessThan(0.04);
  expect(seen.slice(3)).toEqual(Array.from({ length: 17 }, () => 0.05));
});

test('what turns out to be a quota after all goes on with the latest pace', () => {
  const rate = createGrantedRate(Number.POSITIVE_INFINITY, 0);
  for (let second = 1; second <= 20; second += 1) {
    const now = 1000 * second;
    answers(rate, second > 2 ? 48 : 24, now);
    rate.onRefusal(now, now);
  }
  expect(rate.value(20_000)).toBe(Number.POSITIVE_INFINITY);
  for (let index = 1; index <= 15; index += 1) rate.onFurtherRefusal(20_000 + index, 20_100);
  expect(rate.value(20_100)).toBeCloseTo(0.048);
});

test('after a trial the rate is what the trial showed, also where the cuts before it went further', () => {
  const rate = createGrantedRate(Number.POSITIVE_INFINITY, 0);
  const second = (now: number, count: number) => {
    answers(rate, count, now);
    rate.onRefusal(now, now);
    return rate.value(now);
  };
  const seen = [24, 24, 18].map((count, index) => second(1000 * (index + 1), count));
  expect(seen.map((value) => Number(value.toFixed(3)))).toEqual([0.024, 0.019, Number.POSITIVE_INFINITY]);
  answers(rate, 30, 4000);
  for (let index = 1; index <= 8; index += 1) rate.onFurtherRefusal(4000 + index, 4100);
  expect(rate.value(4100)).toBeCloseTo(0.8 * 0.03, 4);
});

test('is one a minute at least', () => {
  const rate = createGrantedRate(1, 0);
  for (let hour = 1; hour <= 100; hour += 1) {
    const now = 3_600_000 * hour;
    rate.onAnswer(now);
    rate.onRefusal(now, now);
    rate.resumeAt(now + 3_600_000);
  }
  expect(rate.value(3_600_000 * 100)).toBeCloseTo(1 / 60_000, 8);
  expect(createGrantedRate(0.5 / 60_000, 0).value(0)).toBe(0.5 / 60_000);
});
