import { expect, test } from 'vitest';
import { createRateController, createThrottlingCause } from '../../src/limits/rate.ts';

/** Answers to requests sent evenly in the last second. */
function answers(rate: ReturnType<typeof createRateController>, count: number, until = 0) {
  for (let index = 1; index <= count; index += 1) rate.onAnswer(until - 1000 + (1000 * index) / count);
}

test('is the configured rate until a request is throttled', () => {
  const rate = createRateController(0.05, 0);
  answers(rate, 1000);
  expect(rate.ratePerMs(3_600_000)).toBe(0.05);
});

test('is unlimited without a configured rate until a request is throttled', () => {
  expect(createRateController(Number.POSITIVE_INFINITY, 0).ratePerMs(1000)).toBe(Number.POSITIVE_INFINITY);
});

test('a throttled request cuts a configured rate to 80 %, or to the rate of the answers if that is lower', () => {
  const fast = createRateController(0.05, 0);
  answers(fast, 50);
  fast.onThrottle(1000, 1000);
  expect(fast.ratePerMs(1000)).toBeCloseTo(0.04);

  const slow = createRateController(0.05, 0);
  answers(slow, 20);
  slow.onThrottle(1000, 1000);
  expect(slow.ratePerMs(1000)).toBeCloseTo(0.02);
});

test('measures an unconfigured rate from the answers between throttled requests, once there are enough', () => {
  const rate = createRateController(Number.POSITIVE_INFINITY, 0);
  answers(rate, 5);
  rate.onThrottle(1000, 1000);
  expect(rate.ratePerMs(1000)).toBe(Number.POSITIVE_INFINITY);
  answers(rate, 5);
  rate.onThrottle(2000, 2000);
  expect(rate.ratePerMs(2000)).toBeCloseTo(10 / 2000);
});

test('grows slowly at first, then faster, up to the configured rate', () => {
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

test('throttled requests without an answer between them cut once', () => {
  const rate = createRateController(0.05, 0);
  for (const now of [1000, 2000, 4000]) rate.onThrottle(now, now);
  expect(rate.ratePerMs(4000)).toBeCloseTo(0.04);
});

test('a rate of a few requests a minute grows by requests, not by time', () => {
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

/** Throttles one request a second at any rate, and answers all others. Returns the rates, per ms. */
function randomThrottling(rate: ReturnType<typeof createRateController>, seconds: number): readonly number[] {
  return Array.from({ length: seconds }, (_, index) => {
    const now = 1000 * (index + 1);
    answers(rate, Math.floor(1000 * rate.ratePerMs(now)) - 1, now);
    rate.onThrottle(now, now);
    return rate.ratePerMs(now);
  });
}

test('random throttling restores the rate, and then cuts nothing', () => {
  const seen = randomThrottling(createRateController(0.05, 0), 20);
  expect(Math.min(...seen.slice(0, 3))).toBeLessThan(0.04);
  expect(seen.slice(3)).toEqual(Array.from({ length: 17 }, () => 0.05));
});

test('continues at the latest rate when random throttling turns out to be a quota', () => {
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

test('after probing, the rate is the one that probing measured, even if earlier cuts went lower', () => {
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

test('is at least one request a minute', () => {
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

/** Requests that are sent one after another, and their replies. */
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
    /** Throttles one request at a rate per second. Returns whether the rate is the cause. */
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

/** 24 answers at 60 a second after a throttled request, then one that is throttled at a lower rate. */
function startProbing({ answers, throttle }: Flow): boolean {
  throttle(Number.POSITIVE_INFINITY);
  answers(24, 60);
  return throttle(40);
}

/** Answers at 55 a second, faster than the 40 a second that were throttled. */
function showRandomThrottling(flow: Flow): void {
  startProbing(flow);
  flow.answers(40, 55);
}

test('the rate is the cause of a throttled request unless the endpoint served a far higher rate before', () => {
  const { answers, throttle } = setup();
  expect(throttle(Number.POSITIVE_INFINITY)).toBe(true);
  answers(24, 60);
  expect(throttle(56)).toBe(true);
  answers(24, 50);
  expect(throttle(54)).toBe(false);
});

test('answers before the first throttled request measure nothing, because a quota may have saved up', () => {
  const { answers, throttle } = setup();
  answers(1000, 500);
  expect(throttle(500)).toBe(true);
  answers(24, 60);
  expect(throttle(60)).toBe(true);
  answers(24, 60);
  expect(throttle(56)).toBe(true);
});

test('pauses count as time when a rate is measured, because a quota fills up in them', () => {
  const { answers, throttle, pause } = setup();
  throttle(Number.POSITIVE_INFINITY);
  pause(1000);
  answers(24, 60);
  expect(throttle(40)).toBe(true);
});

test.each([
  ['fewer than 16 answers measure no rate', 15, true],
  ['16 do', 16, false],
])('%s, however many requests were throttled between them', (_, count, followsFromRate) => {
  const { answers, throttle } = setup();
  throttle(Number.POSITIVE_INFINITY);
  answers(8, 100);
  expect(throttle(100)).toBe(true);
  answers(count - 8, 100);
  expect(throttle(20)).toBe(followsFromRate);
});

test('throttling is random when the endpoint again serves a higher rate than the throttled one', () => {
  const flow = setup();
  showRandomThrottling(flow);
  // So many replies that probing would be over.
  const causes = Array.from({ length: 20 }, () => {
    flow.answers(11, 20);
    return flow.throttle(55);
  });
  expect(causes).toEqual(causes.map(() => false));
});

test('probing that measures no higher rate ends, and sets the served rate', () => {
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

test('probing ends at once when many requests are throttled, because the quota was lowered', () => {
  const flow = setup();
  startProbing(flow);
  flow.answers(8, 20);
  expect(flow.late(6)).toBe(false);
  expect(flow.late(1)).toBe(true);
  expect(flow.cause.servedRate()).toBeCloseTo(0.02);
});

test('after such probing, the next one starts only at half of the measured rate', () => {
  const flow = setup();
  startProbing(flow);
  flow.answers(8, 20);
  flow.late(7);
  expect(flow.throttle(12)).toBe(true);
  expect(flow.throttle(10)).toBe(false);
});

test('probing with hardly an answer halves the served rate', () => {
  const flow = setup();
  startProbing(flow);
  const before = flow.cause.servedRate();
  flow.answers(7, 20);
  flow.late(7);
  expect(flow.cause.servedRate()).toBe(before / 2);
});

test('random throttling ends when it becomes frequent', () => {
  const flow = setup();
  showRandomThrottling(flow);
  expect(flow.throttle(55)).toBe(false);
  expect(flow.late(11)).toBe(false);
  expect(flow.late(3)).toBe(true);
});

test('probing ignores replies to requests sent before it', () => {
  const flow = setup();
  startProbing(flow);
  for (let index = 0; index < 50; index += 1) flow.cause.onLateThrottle(0);
  expect(flow.cause.state()).toBe('probing');
  for (let index = 0; index < 200; index += 1) flow.cause.onAnswer(0);
  expect(flow.throttle(60)).toBe(false);
});
