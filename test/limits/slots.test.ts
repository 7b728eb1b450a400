import { expect, test } from 'vitest';
import { createCellSlots, createRequestSlots } from '../../src/limits/slots.ts';

test('whoever waits hears of a place that was not there before, and each model begins in its turn', () => {
  const slots = createRequestSlots(2);
  const heard: string[] = [];
  for (const name of ['a', 'b', 'c']) slots.onFree(() => heard.push(name));
  slots.acquire();
  expect(slots.isFree()).toBe(true);
  slots.acquire();
  expect(slots.isFree()).toBe(false);

  slots.release();
  expect(heard).toEqual(['b', 'c', 'a']);
  slots.release();
  expect(heard).toHaveLength(3);
  slots.acquire();
  slots.acquire();
  slots.release();
  expect(heard.slice(3)).toEqual(['c', 'a', 'b']);
});

const forever = new Promise<void>(() => {});

test('not more than as many again are away at a time', () => {
  const cellSlots = createCellSlots(() => 2);
  const counts = Array.from({ length: 4 }, () => {
    void cellSlots.lendDuring(forever);
    return cellSlots.count();
  });
  expect(counts).toEqual([3, 4, 4, 4]);
});

test('whoever comes back takes its place again, and every change is told', async () => {
  const cellSlots = createCellSlots(() => 2);
  const told: number[] = [];
  cellSlots.onChange(() => told.push(cellSlots.count()));
  await cellSlots.lendDuring(Promise.resolve());
  expect(told).toEqual([3, 2]);
});

test('follows the concurrency', () => {
  let concurrency = 8;
  const cellSlots = createCellSlots(() => concurrency);
  const told: number[] = [];
  cellSlots.onChange(() => told.push(cellSlots.count()));
  concurrency = 16;
  cellSlots.onConcurrencyChange();
  expect(told).toEqual([16]);
});
