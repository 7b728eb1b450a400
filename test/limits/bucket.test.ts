import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBucket, createPacer } from '../../src/limits/bucket.ts';

interface Spend {
  readonly at: number;
  readonly cost: number;
}

/** Spends as soon as the bucket allows, after each pause. */
function spendAll(rate: number, steps: readonly { readonly pause: number; readonly cost: number }[]) {
  const bucket = createBucket(rate, 1, 0);
  const spent: Spend[] = [];
  let now = 0;
  for (const { pause, cost } of steps) {
    now += pause;
    now += bucket.waitMs(cost, now);
    bucket.take(cost, now);
    spent.push({ at: now, cost });
  }
  return { bucket, spent };
}

function windows(spent: readonly Spend[]) {
  return spent.flatMap((first, from) => {
    let sum = 0;
    return spent.slice(from).map(({ at, cost }) => {
      sum += cost;
      return { ms: at - first.at, sum };
    });
  });
}

const rates = fc.double({ min: 0.0005, max: 5, noNaN: true });
const pauses = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5000, noNaN: true }));

test('never spends more than capacity and rate allow, in any window, whatever the schedule', () => {
  fc.assert(
    fc.property(rates, fc.array(pauses, { minLength: 2, maxLength: 60 }), (rate, schedule) => {
      const { bucket, spent } = spendAll(
        rate,
        schedule.map((pause) => ({ pause, cost: 1 })),
      );
      for (const { ms, sum } of windows(spent)) expect(sum).toBeLessThanOrEqual(bucket.capacity() + rate * ms + 1e-3);
    }),
  );
});

test('a cost above the capacity overdraws once and is paid off before the next one', () => {
  fc.assert(
    fc.property(
      rates,
      fc.array(fc.record({ pause: pauses, cost: fc.integer({ min: 1, max: 5000 }) }), { minLength: 2, maxLength: 40 }),
      (rate, steps) => {
        const { bucket, spent } = spendAll(rate, steps);
        const largest = Math.max(...steps.map(({ cost }) => cost));
        for (const { ms, sum } of windows(spent))
          expect(sum).toBeLessThanOrEqual(bucket.capacity() + largest + rate * ms + 1e-3);
      },
    ),
  );
});

test('late timers do not lower the rate', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 0.5, noNaN: true }),
      fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 200, maxLength: 300 }),
      (rate, delays) => {
        const bucket = createBucket(rate, 1, 0);
        let now = 0;
        let spent = 0;
        for (const late of delays) {
          const wait = bucket.waitMs(1, now);
          now += wait === 0 ? 0 : Math.ceil(wait) + late;
          for (; bucket.waitMs(1, now) === 0; spent += 1) bucket.take(1, now);
        }
        expect(spent / (rate * now)).toBeGreaterThan(0.97);
      },
    ),
  );
});

test('waits exactly until the bucket holds the cost', () => {
  const bucket = createBucket(0.01, 1, 0);
  bucket.take(1, 0);
  expect(bucket.waitMs(1, 0)).toBeCloseTo(100);
  expect(bucket.waitMs(1, 60)).toBeCloseTo(40);
  expect(bucket.waitMs(1, 100)).toBe(0);
});

test('holds 100 ms of the rate and no more after an idle hour', () => {
  const bucket = createBucket(0.1, 1, 0);
  let passed = 0;
  for (; bucket.waitMs(1, 3_600_000) === 0; passed += 1) bucket.take(1, 3_600_000);
  expect(bucket.capacity()).toBe(10);
  expect(passed).toBe(10);
});

test('a refund may be spent at once, and use beyond the reservation is owed', () => {
  const bucket = createBucket(1, 1, 0);
  bucket.take(1000, 0);
  expect(bucket.waitMs(1, 0)).toBeCloseTo(951);
  bucket.give(951, 0);
  expect(bucket.waitMs(1, 0)).toBe(0);
  bucket.give(-100, 0);
  expect(bucket.waitMs(1, 0)).toBeCloseTo(100);
});

test('a new rate holds from the time when it is set', () => {
  const bucket = createBucket(0.01, 1, 0);
  bucket.take(1, 0);
  bucket.setRate(0.1, 50);
  expect(bucket.waitMs(1, 50)).toBeCloseTo(5);
});

test('a drained bucket holds at most the given level at that time, and debts are paid off until then', () => {
  const bucket = createBucket(1, 1, 0);
  bucket.drainTo(1, 1000);
  bucket.take(1, 1000);
  expect(bucket.waitMs(1, 1000)).toBeCloseTo(1);

  const owing = createBucket(1, 1, 0);
  owing.take(5050, 0);
  owing.drainTo(1, 1000);
  expect(owing.waitMs(1, 1000)).toBeCloseTo(4001);
});

test('without a rate, nothing waits', () => {
  const pacer = createPacer(1);
  for (let sent = 0; sent < 1000; sent += 1) pacer.take(1, 0);
  expect(pacer.waitMs(1, 0)).toBe(0);
});

test('spreads a low remainder until its reset, and no longer', () => {
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
  ['a high remainder', 100, 50, 5000],
  ['no reset', 100, 10, undefined],
  ['no headers', undefined, undefined, undefined],
])('%s does not set a rate', (_, limit, remaining, resetMs) => {
  const pacer = createPacer(1);
  pacer.learn(limit, remaining, resetMs, 0);
  pacer.take(1, 0);
  pacer.take(1, 0);
  expect(pacer.waitMs(1, 0)).toBe(0);
});

test('without a limit, the highest remainder so far decides what is low', () => {
  const pacer = createPacer(1);
  pacer.learn(undefined, 100, 1000, 0);
  pacer.learn(undefined, 10, 5000, 0);
  pacer.take(1, 0);
  expect(pacer.waitMs(1, 0)).toBeCloseTo(500);
});

test('a high remainder ends the spreading', () => {
  const pacer = createPacer(1);
  pacer.learn(100, 10, 5000, 0);
  pacer.take(1, 0);
  pacer.learn(100, 90, 5000, 100);
  expect(pacer.waitMs(1, 100)).toBe(0);
});

test('the slower of the set rate and the spread remainder counts', () => {
  const pacer = createPacer(1);
  pacer.setRate(0.001, 0);
  pacer.learn(100, 10, 5000, 0);
  pacer.take(1, 0);
  expect(pacer.waitMs(1, 0)).toBeCloseTo(1000);
});
