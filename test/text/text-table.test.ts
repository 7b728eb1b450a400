import { expect, test } from 'vitest';
import { alignCells, columnWidths, textTable } from '../../src/text/text-table.ts';

test('pads columns by display width, numbers to the right', () => {
  const rows = [
    ['model', 'samples'],
    ['音声', '7'],
    ['a', '1200'],
  ];

  expect(textTable(rows, 'lr', '  ')).toBe('  model  samples\n  音声         7\n  a         1200\n');
});

test('escapes characters that a terminal obeys, and cuts long cells', () => {
  expect(textTable([['a\u001b[31m', 'x'.repeat(61)]], 'll')).toBe(`a\\x1b[31m  ${'x'.repeat(59)}…\n`);
});

test('a row with fewer cells than columns has empty ones', () => {
  expect(textTable([['a', 'b'], ['c']], 'lr')).toBe('a  b\nc\n');
  expect(columnWidths([['a', 'b'], ['c']], 3)).toEqual([1, 1, 0]);
});

test('cuts cells that are wider than their column', () => {
  expect(alignCells(['音声モデル', '1'], [5, 3], ['left', 'right'])).toEqual(['音声…', '  1']);
});

test('measures more rows than a call has arguments', () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => [index === 7 ? 'abc' : 'a']);

  expect(columnWidths(rows, 1)).toEqual([3]);
});
