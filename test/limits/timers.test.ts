import { expect, test } from 'vitest';
import { createTimeouts, createTimer } from '../../src/limits/timers.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

function setupTimer() {
  const clock = createVirtualClock();
  const fired: number[] = [];
  return { clock, fired, timer: createTimer(clock, () => fired.push(clock.now())) };
}

test('fires once, and never before its time', async () => {
  const { clock, fired, timer } = setupTimer();
  timer.set(10.2);
  await clock.drain();
  expect(fired).toEqual([11]);
});

test('an earlier time replaces a later one, and a later one changes nothing', async () => {
  const { clock, fired, timer } = setupTimer();
  timer.set(100);
  timer.set(50);
  timer.set(80);
  expect(clock.sleeping()).toBe(1);
  await clock.drain();
  expect(fired).toEqual([50]);
});

test('keeps no timer when nothing waits', async () => {
  const { clock, fired, timer } = setupTimer();
  timer.set(100);
  timer.set(Number.POSITIVE_INFINITY);
  expect(clock.sleeping()).toBe(0);
  timer.set(200);
  await clock.drain();
  expect(fired).toEqual([200]);
});

test('fires after an hour at the latest, because Node fires a timer of weeks at once', async () => {
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

test('aborts a request when its own time limit is over, and not before', async () => {
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

test('keeps a short limit while a long one is running', async () => {
  const { clock, timeouts } = setupTimeouts();
  const long = timeouts.start(60_000);
  const short = timeouts.start(10);

  await clock.advance(10);

  expect([long.signal.aborted, short.signal.aborted]).toEqual([false, true]);
});

test('never aborts a request that has ended, and leaves no timer', async () => {
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

test('the signal of the run aborts all requests in flight, and those that start after it', () => {
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

test('uses a signal again after its request has ended, unless it was aborted', async () => {
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

test('the signal of the run aborts a request whose signal was used before', () => {
  const { abort, timeouts } = setupTimeouts();
  timeouts.start(1000).clear();
  const again = timeouts.start(1000);

  abort.abort('stopped');

  expect(again.signal.reason).toBe('stopped');
});
