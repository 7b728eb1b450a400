import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTopList } from '../../src/collections/top-list.ts';

const descending = (a: number, b: number) => b - a;

test('keeps the same items as sorting all and cutting', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 10 }), (numbers, size) => {
      const list = createTopList(size, descending);

      for (const number of numbers) list.add(number);

      expect(list.items()).toEqual(numbers.toSorted(descending).slice(0, size));
    }),
  );
});

test('keeps the first of equal items, in order of insertion', () => {
  const list = createTopList<string>(3, () => 0);

  for (const item of ['a', 'b', 'c', 'd']) list.add(item);

  expect(list.items()).toEqual(['a', 'b', 'c']);
});
