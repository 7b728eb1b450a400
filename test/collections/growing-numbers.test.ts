import { expect, test } from 'vitest';
import { growingNumbers } from '../../src/collections/growing-numbers.ts';

test('keeps what was set, and the fill value elsewhere', () => {
  const numbers = growingNumbers(Float64Array, Number.NaN);
  numbers.set(5000, 2);
  numbers.set(1, 1);
  expect([...numbers.take(3)]).toEqual([Number.NaN, 1, Number.NaN]);
  expect(numbers.take(5001)[5000]).toBe(2);
  expect(numbers.take(6000)[5999]).toBeNaN();
  expect(numbers.get(70_000)).toBeNaN();
});
