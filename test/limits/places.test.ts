import { expect, test } from 'vitest';
import { createPlaces } from '../../src/limits/places.ts';

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
