import { expect, test } from 'vitest';
import { createSlots } from '../../src/limits/slots.ts';

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
