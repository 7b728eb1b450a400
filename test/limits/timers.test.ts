import { expect, test } from 'vitest';
import { createTimeouts, createTimer } from '../../src/limits/timers.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

function setupTimer() {
  const clock = createVirtualClock();
  const fired: number[] = [];
  return { clock, fired, timer: createTimer(clock, () => fired.push(clock.now())) };
}

test('rings once, and never before its time', async () => {
  const { clock, fired, timer } = setupTimer();
  timer.set(10.2);
  await clock.drain();
  expect(fired).toEqual([11]);
});

test('an earlier time takes the place of a later one, and a later one changes nothing', async () => {
  const { clock, fired, timer } = setupTimer();
  timer.set(100);
  timer.set(50);
  timer.set(80);
  expect(clock.sleeping()).toBe(1);
  await clock.drain();
  expect(fired).toEqual([50]);
});

test('leaves no timer when there is nothing to wait for', async () => {
  const { clock, fired, timer } = setupTimer();
  timer.set(100);
  timer.set(Number.POSITIVE_INFINITY);
  expect(clock.sleeping()).toBe(0);
  timer.set(200);
  await clock.drain();
  expect(fired).toEqual([200]);
});

test('rings after an hour at the latest: a timer of weeks would onFire at once', async () => {
  const { clock, fired, timer } = setupTimer();
  timer.set(30 * 86_400_000);
  await clock.drain();
  expect(fired).toEqual([3_600_000]);
});

function setupTimeouts() {
  const clock = createVirtualClock();
  const abort = new AbortController();
  return { clock, abort, timeouts: createTimeouts(clock, abort.signal) };
}

test('a request is ended when its own time is over, and not before', async () => {
  const { clock, timeouts } = setupTimeouts();
  const early = timeouts.start(1000);
  await clock.advance(400);
  const late = timeouts.start(1000);

  await clock.advance(599);
  expect(early.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(early.signal.reason).toMatchObject({ name: 'TimeoutError', message: 'no complete answer within 1000 ms' });
  await clock.advance(399);
  expect(late.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(late.signal.aborted).toBe(true);
});

test('a short limit is kept while a long one is running', async () => {
  const { clock, timeouts } = setupTimeouts();
  const long = timeouts.start(60_000);
  const short = timeouts.start(10);

  await clock.advance(10);

  expect([long.signal.aborted, short.signal.aborted]).toEqual([false, true]);
});

test('what is over by itself is never ended, and leaves no timer', async () => {
  const { clock, timeouts } = setupTimeouts();
  const first = timeouts.start(1000);
  const second = timeouts.start(2000);

  first.clear();
  second.clear();
  second.clear();

  expect(clock.sleeping()).toBe(0);
  await clock.advance(5000);
  expect([first.signal.aborted, second.signal.aborted]).toEqual([false, false]);
});

test('all requests in flight need one timer', () => {
  const { clock, timeouts } = setupTimeouts();
  for (let index = 0; index < 100; index += 1) timeouts.start(1000);

  expect(clock.sleeping()).toBe(1);
});

test('the common signal ends all that are in flight, and what begins after it', () => {
  const { abort, timeouts } = setupTimeouts();
  const [running, over] = [timeouts.start(1000), timeouts.start(1000)];
  over.clear();

  abort.abort('stopped');

  expect([running.signal.reason, over.signal.aborted, timeouts.start(1000).signal.reason]).toEqual([
    'stopped',
    false,
    'stopped',
  ]);
});

test('a signal is lent again once its request is over, unless it was aborted', async () => {
  const { clock, timeouts } = setupTimeouts();
  const first = timeouts.start(1000);
  const second = timeouts.start(1000);
  expect(second.signal).not.toBe(first.signal);
  first.clear();
  first.clear();

  const third = timeouts.start(5000);
  expect(third.signal).toBe(first.signal);
  await clock.advance(1000);
  second.clear();

  expect([second.signal.aborted, third.signal.aborted]).toEqual([true, false]);
  expect(timeouts.start(1000).signal.aborted).toBe(false);
});

test('the common signal ends a request whose signal was lent before', () => {
  const { abort, timeouts } = setupTimeouts();
  timeouts.start(1000).clear();
  const again = timeouts.start(1000);

  abort.abort('stopped');

  expect(again.signal.reason).toBe('stopped');
});
