import { expect, test } from 'vitest';
import { createCellSlots, createRequestSlots } from '../../src/limits/slots.ts';

test('calls all listeners when a slot becomes free after none was, starting with the next model each time', () => {
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

test('adds at most as many lent slots as the concurrency', () => {
  const cellSlots = createCellSlots(() => 2);
  const counts = Array.from({ length: 4 }, () => {
    void cellSlots.lendDuring(forever);
    return cellSlots.count();
  });
  expect(counts).toEqual([3, 4, 4, 4]);
});

test('takes a lent slot back, and reports every change', async () => {
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
