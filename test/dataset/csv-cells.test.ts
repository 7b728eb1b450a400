import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitList } from '../../src/dataset/csv-cells.ts';

test.each([
  ['a.png', ['a.png']],
  ['a.png|b.png', ['a.png', 'b.png']],
  [' a.png | b.png ', ['a.png', 'b.png']],
  ['a\\|b|c', ['a|b', 'c']],
  ['C:\\a|b', ['C:\\a', 'b']],
  ['|a||', ['a']],
  ['|', []],
])('splits %j', (cell, items) => {
  expect(splitList(cell)).toEqual(items);
});

test('reads back escaped items', () => {
  const item = fc.string().filter((text) => text.trim() === text && text !== '' && !text.includes('\\'));
  fc.assert(
    fc.property(fc.array(item), (items) => {
      expect(splitList(items.map((text) => text.replaceAll('|', '\\|')).join('|'))).toEqual(items);
    }),
  );
});
