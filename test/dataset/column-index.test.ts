import { expect, test } from 'vitest';
import { columnIndexOf } from '../../src/dataset/column-index.ts';
import type { KnownColumn } from '../../src/dataset/columns.ts';

const image = (number?: number): KnownColumn => ({ type: 'column', name: 'image', number });
const COLUMNS: readonly KnownColumn[] = [image(2), { type: 'metadata', key: 'image' }, image(), image(1)];
const VALUES = [['d.png'], 'x', ['a.png', 'b.png'], 'c.png'];

test.each([
  [0, 2],
  [1, 2],
  [2, 3],
  [3, 0],
])('value %i of several columns is in column %i: the plain one comes first, then the numbers', (item, index) => {
  expect(columnIndexOf({ column: 'image', item }, COLUMNS, VALUES)).toBe(index);
});

test('metadata has a column of its own', () => {
  expect(columnIndexOf({ column: 'meta.image' }, COLUMNS, VALUES)).toBe(1);
});

test('a row without values has its defect in the first column, and no column is none', () => {
  expect(columnIndexOf({ column: 'image' }, COLUMNS, ['', '', '', ''])).toBe(2);
  expect(columnIndexOf({ column: 'audio' }, COLUMNS, VALUES)).toBeUndefined();
  expect(columnIndexOf({}, COLUMNS, VALUES)).toBeUndefined();
});
