import { expect, test } from 'vitest';
import { createPlaces, createSlots } from '../../src/limits/slots.ts';

test('whoever waits hears of a place that was not there before, and each model begins in its turn', () => {
  const slots = createSlots(2);
  const heard: string[] = [];
  for (const name of ['a', 'b', 'c']) slots.onFree(() => heard.push(name));
  slots.take();
  expect(slots.isFree()).toBe(true);
  slots.take();
  expect(slots.isFree()).toBe(false);

  slots.leave();
  expect(heard).toEqual(['b', 'c', 'a']);
  slots.leave();
  expect(heard).toHaveLength(3);
  slots.take();
  slots.take();
  slots.leave();
  expect(heard.slice(3)).toEqual(['c', 'a', 'b']);
});

const forever = new Promise<void>(() => {});

test('not more than as many again are away at a time', () => {
  const places = createPlaces(() => 2);
  const counts = Array.from({ length: 4 }, () => {
    void places.away(forever);
    return places.count();
  });
  expect(counts).toEqual([3, 4, 4, 4]);
});

test('whoever comes back takes its place again, and every change is told', async () => {
  const places = createPlaces(() => 2);
  const told: number[] = [];
  places.onChange(() => told.push(places.count()));
  await places.away(Promise.resolve());
  expect(told).toEqual([3, 2]);
});

test('follows the concurrency', () => {
  let concurrency = 8;
  const places = createPlaces(() => concurrency);
  const told: number[] = [];
  places.onChange(() => told.push(places.count()));
  concurrency = 16;
  places.changed();
  expect(told).toEqual([16]);
});
