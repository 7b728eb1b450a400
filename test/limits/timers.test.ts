import { expect, test } from 'vitest';
import { createAlarm, createCutOff } from '../../src/limits/timers.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

function setupAlarm() {
  const clock = createVirtualClock();
  const rung: number[] = [];
  return { clock, rung, alarm: createAlarm(clock, () => rung.push(clock.now())) };
}

test('rings once, and never before its time', async () => {
  const { clock, rung, alarm } = setupAlarm();
  alarm.set(10.2);
  await clock.drain();
  expect(rung).toEqual([11]);
});

test('an earlier time takes the place of a later one, and a later one changes nothing', async () => {
  const { clock, rung, alarm } = setupAlarm();
  alarm.set(100);
  alarm.set(50);
  alarm.set(80);
  expect(clock.sleeping()).toBe(1);
  await clock.drain();
  expect(rung).toEqual([50]);
});

test('leaves no timer when there is nothing to wait for', async () => {
  const { clock, rung, alarm } = setupAlarm();
  alarm.set(100);
  alarm.set(Number.POSITIVE_INFINITY);
  expect(clock.sleeping()).toBe(0);
  alarm.set(200);
  await clock.drain();
  expect(rung).toEqual([200]);
});

test('rings after an hour at the latest: a timer of weeks would ring at once', async () => {
  const { clock, rung, alarm } = setupAlarm();
  alarm.set(30 * 86_400_000);
  await clock.drain();
  expect(rung).toEqual([3_600_000]);
});

function setupCutOff() {
  const clock = createVirtualClock();
  const abort = new AbortController();
  return { clock, abort, cutOff: createCutOff(clock, abort.signal) };
}

test('a request is ended when its own time is over, and not before', async () => {
  const { clock, cutOff } = setupCutOff();
  const early = cutOff.begin(1000);
  await clock.advance(400);
  const late = cutOff.begin(1000);

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
  const { clock, cutOff } = setupCutOff();
  const long = cutOff.begin(60_000);
  const short = cutOff.begin(10);

  await clock.advance(10);

  expect([long.signal.aborted, short.signal.aborted]).toEqual([false, true]);
});

test('what is over by itself is never ended, and leaves no timer', async () => {
  const { clock, cutOff } = setupCutOff();
  const first = cutOff.begin(1000);
  const second = cutOff.begin(2000);

  first.end();
  second.end();
  second.end();

  expect(clock.sleeping()).toBe(0);
  await clock.advance(5000);
  expect([first.signal.aborted, second.signal.aborted]).toEqual([false, false]);
});

test('all requests in flight need one timer', () => {
  const { clock, cutOff } = setupCutOff();
  for (let index = 0; index < 100; index += 1) cutOff.begin(1000);

  expect(clock.sleeping()).toBe(1);
});

test('the common signal ends all that are in flight, and what begins after it', () => {
  const { abort, cutOff } = setupCutOff();
  const [running, over] = [cutOff.begin(1000), cutOff.begin(1000)];
  over.end();

  abort.abort('stopped');

  expect([running.signal.reason, over.signal.aborted, cutOff.begin(1000).signal.reason]).toEqual([
    'stopped',
    false,
    'stopped',
  ]);
});

test('a signal is lent again once its request is over, unless it was aborted', async () => {
  const { clock, cutOff } = setupCutOff();
  const first = cutOff.begin(1000);
  const second = cutOff.begin(1000);
  expect(second.signal).not.toBe(first.signal);
  first.end();
  first.end();

  const third = cutOff.begin(5000);
  expect(third.signal).toBe(first.signal);
  await clock.advance(1000);
  second.end();

  expect([second.signal.aborted, third.signal.aborted]).toEqual([true, false]);
  expect(cutOff.begin(1000).signal.aborted).toBe(false);
});

test('the common signal ends a request whose signal was lent before', () => {
  const { abort, cutOff } = setupCutOff();
  cutOff.begin(1000).end();
  const again = cutOff.begin(1000);

  abort.abort('stopped');

  expect(again.signal.reason).toBe('stopped');
});
