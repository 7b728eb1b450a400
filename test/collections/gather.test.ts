import { expect, test } from 'vitest';
import { gather, gatherWhole, keep, range } from '../../src/collections/gather.ts';

test('picks numbers by their indexes, in the order of these', () => {
  expect(gather([0.5, 1.5, 2.5], Uint32Array.of(2, 0))).toEqual(Float64Array.of(2.5, 0.5));
  expect(gatherWhole([5, 6, 7], Uint32Array.of(1, 1, 2))).toEqual(Uint32Array.of(6, 6, 7));
});

test('an index that is not there has no number', () => {
  expect(gather([1], Uint32Array.of(3))).toEqual(Float64Array.of(Number.NaN));
});

test('keeps the numbers that pass', () => {
  expect(keep(range(6), (number) => number % 2 === 1)).toEqual(Uint32Array.of(1, 3, 5));
});
