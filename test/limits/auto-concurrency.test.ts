import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AutoConcurrency, createAutoConcurrency } from '../../src/limits/auto-concurrency.ts';

/** One answer for each request of a full limit. */
function round(auto: AutoConcurrency) {
  const limit = auto.limit();
  return Array.from({ length: limit }, () => auto.onSuccess(limit)).filter((change) => change !== null);
}

test('doubles with each full round of answers', () => {
  const auto = createAutoConcurrency();
  expect(auto.limit()).toBe(8);
  expect(round(auto)).toEqual([{ from: 8, to: 16, reason: 'slow start' }]);
  expect(round(auto)).toEqual([{ from: 16, to: 32, reason: 'slow start' }]);
});

test('a throttled request cuts to 80 %, and answers then raise it by 5 %', () => {
  const auto = createAutoConcurrency();
  round(auto);
  round(auto);
  expect(auto.onThrottle(1, 2)).toEqual({ from: 32, to: 25, reason: 'the endpoint is overloaded' });
  expect(round(auto)).toEqual([{ from: 25, to: 26, reason: 'answers keep coming' }]);
});

test('does not grow while the limit is not the bottleneck', () => {
  const auto = createAutoConcurrency();
  const changes = Array.from({ length: 1000 }, () => auto.onSuccess(5)).filter((change) => change !== null);
  expect(changes).toEqual([]);
  expect(auto.limit()).toBe(8);
});

test('throttling of requests sent before the last cut, or soon after it, does not cut again', () => {
  const auto = createAutoConcurrency();
  auto.onThrottle(1, 1000);
  expect(auto.limit()).toBe(6);
  expect(auto.onThrottle(999, 60_000)).toBeNull();
  expect(auto.onThrottle(1001, 5_999)).toBeNull();
  expect(auto.onThrottle(1001, 6_000)).not.toBeNull();
});

test('stays between 1 and 256 whatever happens, and each change starts where the last one ended', () => {
  const events = fc.array(fc.oneof(fc.constant('round' as const), fc.constant('throttle' as const)), { maxLength: 60 });
  fc.assert(
    fc.property(events, (schedule) => {
      const auto = createAutoConcurrency();
      let now = 0;
      let limit = auto.limit();
      for (const event of schedule) {
        now += 10_000;
        for (const change of event === 'round' ? round(auto) : [auto.onThrottle(now - 1, now)]) {
          expect(change?.from ?? limit).toBe(limit);
          limit = change?.to ?? limit;
        }
        expect(auto.limit()).toBe(limit);
        expect(limit).toBeGreaterThanOrEqual(1);
        expect(limit).toBeLessThanOrEqual(256);
      }
    }),
  );
});

test('does not grow while the endpoint keeps throttling', () => {
  const auto = createAutoConcurrency();
  auto.onThrottle(0, 1);
  const cut = auto.limit();
  for (let index = 0; index < 100; index += 1) {
    auto.onSuccess(cut);
    if (index % 4 === 3) auto.onThrottle(2, 3);
  }

  expect(auto.limit()).toBe(cut);
});
