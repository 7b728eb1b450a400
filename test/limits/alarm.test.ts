import { expect, test } from 'vitest';
import { createAlarm } from '../../src/limits/alarm.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

function setup() {
  const clock = createVirtualClock();
  const rung: number[] = [];
  return { clock, rung, alarm: createAlarm(clock, () => rung.push(clock.now())) };
}

test('rings once, and never before its time', async () => {
  const { clock, rung, alarm } = setup();
  alarm.set(10.2);
  await clock.drain();
  expect(rung).toEqual([11]);
});

test('an earlier time takes the place of a later one, and a later one changes nothing', async () => {
  const { clock, rung, alarm } = setup();
  alarm.set(100);
  alarm.set(50);
  alarm.set(80);
  expect(clock.sleeping()).toBe(1);
  await clock.drain();
  expect(rung).toEqual([50]);
});

test('leaves no timer when there is nothing to wait for', async () => {
  const { clock, rung, alarm } = setup();
  alarm.set(100);
  alarm.set(Number.POSITIVE_INFINITY);
  expect(clock.sleeping()).toBe(0);
  alarm.set(200);
  await clock.drain();
  expect(rung).toEqual([200]);
});

test('rings after an hour at the latest: a timer of weeks would ring at once', async () => {
  const { clock, rung, alarm } = setup();
  alarm.set(30 * 86_400_000);
  await clock.drain();
  expect(rung).toEqual([3_600_000]);
});
