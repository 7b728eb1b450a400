import { expect, test } from 'vitest';
import { createRateController, createThrottlingCause } from '../../src/limits/rate.ts';

/** Answers to what was sent evenly in the last second. */
function answers(rate: ReturnType<typeof createRateController>, count: number, until = 0) {
  for (let index = 1; index <= count; index += 1) rate.onAnswer(until - 1000 + (1000 * index) / count);
}

test('is the configured rate until something is refused', () => {
  const rate = createRateController(0.05, 0);
  answers(rate, 1000);
  expect(rate.ratePerMs(3_600_000)).toBe(0.05);
});

test('is unknown without a configured rate until something is refused', () => {
  expect(createRateController(Number.POSITIVE_INFINITY, 0).ratePerMs(1000)).toBe(Number.POSITIVE_INFINITY);
});

test('a refusal cuts a configured rate to 80 %, and to what was answered when that is less', () => {
  const fast = createRateController(0.05, 0);
  answers(fast, 50);
  fast.onThrottle(1000, 1000);
  expect(fast.ratePerMs(1000)).toBeCloseTo(0.04);

  const slow = createRateController(0.05, 0);
  answers(slow, 20);
  slow.onThrottle(1000, 1000);
  expect(slow.ratePerMs(1000)).toBeCloseTo(0.02);
});

test('measures an unconfigured rate from the answers between refusals, once there are enough', () => {
  const rate = createRateController(Number.POSITIVE_INFINITY, 0);
  answers(rate, 5);
  rate.onThrottle(1000, 1000);
  expect(rate.ratePerMs(1000)).toBe(Number.POSITIVE_INFINITY);
  answers(rate, 5);
  rate.onThrottle(2000, 2000);
  expect(rate.ratePerMs(2000)).toBeCloseTo(10 / 2000);
});

test('grows gently first and ever faster, up to the configured rate', () => {
  const rate = createRateController(0.05, 0);
  for (let cut = 0; cut < 4; cut += 1) {
    answers(rate, 1);
    rate.onThrottle(1000, 1000);
  }
  const base = 0.05 * 0.8 ** 4;
  expect(rate.ratePerMs(1000)).toBeCloseTo(base);
  expect(rate.ratePerMs(4000) / base).toBeCloseTo(1.064, 2);
  expect(rate.ratePerMs(11_000) / base).toBeCloseTo(2.0, 1);
  expect(rate.ratePerMs(60_000)).toBe(0.05);
});

test('refusals without an answer between them cut once', () => {
  const rate = createRateController(0.05, 0);
  for (const now of [1000, 2000, 4000]) rate.onThrottle(now, now);
  expect(rate.ratePerMs(4000)).toBeCloseTo(0.04);
});

test('a rate of a few a minute grows by requests, not by time', () => {
  const rate = createRateController(Number.POSITIVE_INFINITY, 0);
  answers(rate, 8);
  rate.onThrottle(48_000, 48_000);
  const base = rate.ratePerMs(48_000);
  expect(base).toBeCloseTo(10 / 60_000);
  expect(rate.ratePerMs(60_000) / base).toBeLessThan(1.01);
  expect(rate.ratePerMs(48_000 + 360_000) / base).toBeCloseTo(Math.E);
});

test('does not grow while nothing is sent', () => {
  const rate = createRateController(0.05, 0);
  rate.onThrottle(1000, 1000);
  rate.resumeAt(31_000);
  expect(rate.ratePerMs(31_000)).toBeCloseTo(0.04);
});

/** A refusal a second whatever the rate; each but it is answered. Resolves into the rates, per ms. */
function randomThrottling(rate: ReturnType<typeof createRateController>, seconds: number): readonly number[] {
  return Array.from({ length: seconds }, (_, index) => {
    const now = 1000 * (index + 1);
    answers(rate, Math.floor(1000 * rate.ratePerMs(now)) - 1, now);
    rate.onThrottle(now, now);
    return rate.ratePerMs(now);
  });
}

test('what was cut for nothing is given back, and refusals by chance cut no more', () => {
  const seen = randomThrottling(createRateController(0.05, 0), 20);
  expect(Math.min(...seen.slice(0, 3))).toBeLessThan(0.04);
  expect(seen.slice(3)).toEqual(Array.from({ length: 17 }, () => 0.05));
});

test('what turns out to be a quota after all goes on with the latest pace', () => {
  const rate = createRateController(Number.POSITIVE_INFINITY, 0);
  for (let second = 1; second <= 20; second += 1) {
    const now = 1000 * second;
    answers(rate, second > 2 ? 48 : 24, now);
    rate.onThrottle(now, now);
  }
  expect(rate.ratePerMs(20_000)).toBe(Number.POSITIVE_INFINITY);
  for (let index = 1; index <= 15; index += 1) rate.onLateThrottle(20_000 + index, 20_100);
  expect(rate.ratePerMs(20_100)).toBeCloseTo(0.048);
});

test('after a trial the rate is what the trial showed, also where the cuts before it went further', () => {
  const rate = createRateController(Number.POSITIVE_INFINITY, 0);
  const second = (now: number, count: number) => {
    answers(rate, count, now);
    rate.onThrottle(now, now);
    return rate.ratePerMs(now);
  };
  const seen = [24, 24, 18].map((count, index) => second(1000 * (index + 1), count));
  expect(seen.map((value) => Number(value.toFixed(3)))).toEqual([0.024, 0.019, Number.POSITIVE_INFINITY]);
  answers(rate, 30, 4000);
  for (let index = 1; index <= 8; index += 1) rate.onLateThrottle(4000 + index, 4100);
  expect(rate.ratePerMs(4100)).toBeCloseTo(0.8 * 0.03, 4);
});

test('is one a minute at least', () => {
  const rate = createRateController(1, 0);
  for (let hour = 1; hour <= 100; hour += 1) {
    const now = 3_600_000 * hour;
    rate.onAnswer(now);
    rate.onThrottle(now, now);
    rate.resumeAt(now + 3_600_000);
  }
  expect(rate.ratePerMs(3_600_000 * 100)).toBeCloseTo(1 / 60_000, 8);
  expect(createRateController(0.5 / 60_000, 0).ratePerMs(0)).toBe(0.5 / 60_000);
});

/** Requests that are sent one after another, and what becomes of them. */
function setup() {
  let now = 0;
  const cause = createThrottlingCause();
  const pause = (ms: number) => {
    now += ms;
    return now;
  };
  return {
    cause,
    pause,
    answers(count: number, perSecond: number) {
      for (let index = 0; index < count; index += 1) cause.onAnswer(pause(1000 / perSecond));
    },
    /** At a rate per second. Returns whether refusals follow from it. */
    throttle(perSecond: number): boolean {
      cause.onThrottle(perSecond / 1000, pause(1));
      return cause.state() === 'rateLimited';
    },
    late(count: number): boolean {
      for (let index = 0; index < count; index += 1) cause.onLateThrottle(pause(1));
      return cause.state() === 'rateLimited';
    },
  };
}

type Flow = ReturnType<typeof setup>;

/** 24 answers at 60 a second after a first refusal, and a refusal at a slower rate. */
function startProbing({ answers, throttle }: Flow): boolean {
  throttle(Number.POSITIVE_INFINITY);
  answers(24, 60);
  return throttle(40);
}

/** Answers at that pace again, 50 a second being faster than the 40 that a refusal came at. */
function showRandomThrottling(flow: Flow): void {
  startProbing(flow);
  flow.answers(40, 55);
}

test('a refusal follows from the rate unless it came far below a pace that was granted', () => {
  const { answers, throttle } = setup();
  expect(throttle(Number.POSITIVE_INFINITY)).toBe(true);
  answers(24, 60);
  expect(throttle(56)).toBe(true);
  answers(24, 50);
  expect(throttle(54)).toBe(false);
});

test('answers before the first refusal may have been savings, and show no pace', () => {
  const { answers, throttle } = setup();
  answers(1000, 500);
  expect(throttle(500)).toBe(true);
  answers(24, 60);
  expect(throttle(60)).toBe(true);
  answers(24, 60);
  expect(throttle(56)).toBe(true);
});

test('pauses belong to the pace: a quota fills up in them', () => {
  const { answers, throttle, pause } = setup();
  throttle(Number.POSITIVE_INFINITY);
  pause(1000);
  answers(24, 60);
  expect(throttle(40)).toBe(true);
});

test.each([
  ['fewer than 16 answers show no pace', 15, true],
  ['16 do', 16, false],
])('%s, however many refusals came between them', (_, count, followsFromRate) => {
  const { answers, throttle } = setup();
  throttle(Number.POSITIVE_INFINITY);
  answers(8, 100);
  expect(throttle(100)).toBe(true);
  answers(count - 8, 100);
  expect(throttle(20)).toBe(followsFromRate);
});

test('refusals have nothing to do with the rate when a faster pace than theirs comes back', () => {
  const flow = setup();
  showRandomThrottling(flow);
  // So many that a trial would be over.
  const verdicts = Array.from({ length: 20 }, () => {
    flow.answers(11, 20);
    return flow.throttle(55);
  });
  expect(verdicts).toEqual(verdicts.map(() => false));
});

test('a trial whose pace stays below ends, and what it showed is what is granted', () => {
  const flow = setup();
  startProbing(flow);
  flow.answers(100, 45);
  expect(flow.throttle(60)).toBe(false);
  flow.answers(28, 45);
  expect(flow.throttle(60)).toBe(true);
  expect(flow.cause.servedRate()).toBeCloseTo(0.045, 3);
  expect(flow.throttle(42)).toBe(true);
  expect(flow.throttle(40)).toBe(false);
});

test('a trial ends at once when many are refused: the quota was lowered', () => {
  const flow = setup();
  startProbing(flow);
  flow.answers(8, 20);
  expect(flow.late(6)).toBe(false);
  expect(flow.late(1)).toBe(true);
  expect(flow.cause.servedRate()).toBeCloseTo(0.02);
});

test('after such a trial there is no other before the rate is half of what it showed', () => {
  const flow = setup();
  startProbing(flow);
  flow.answers(8, 20);
  flow.late(7);
  expect(flow.throttle(12)).toBe(true);
  expect(flow.throttle(10)).toBe(false);
});

test('a trial in which hardly anything was answered halves what is taken for granted', () => {
  const flow = setup();
  startProbing(flow);
  const before = flow.cause.servedRate();
  flow.answers(7, 20);
  flow.late(7);
  expect(flow.cause.servedRate()).toBe(before / 2);
});

test('refusals that get many are heeded again', () => {
  const flow = setup();
  showRandomThrottling(flow);
  expect(flow.throttle(55)).toBe(false);
  expect(flow.late(11)).toBe(false);
  expect(flow.late(3)).toBe(true);
});

test('replies to what was sent before a trial say nothing of it', () => {
  const flow = setup();
  startProbing(flow);
  for (let index = 0; index < 50; index += 1) flow.cause.onLateThrottle(0);
  expect(flow.cause.state()).toBe('probing');
  for (let index = 0; index < 200; index += 1) flow.cause.onAnswer(0);
  expect(flow.throttle(60)).toBe(false);
});
