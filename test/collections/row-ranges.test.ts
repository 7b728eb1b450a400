import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRowRanges, joinRows, parseRows } from '../../src/collections/row-ranges.ts';

const rowSets = fc.uniqueArray(fc.nat(60)).map((rows) => rows.toSorted((a, b) => a - b));

function rangesOf(rows: readonly number[]) {
  const ranges = createRowRanges();
  for (const row of rows) ranges.add(row);
  return ranges;
}

test('neighbouring rows become one range', () => {
  const ranges = rangesOf([3, 7, 8, 9]);

  expect(ranges.text()).toBe('3,7-9');
});

test('the text of ranges is read back as the same rows', () => {
  fc.assert(
    fc.property(rowSets, (rows) => {
      const read = parseRows(rangesOf(rows).text());

      expect(Array.from({ length: 62 }, (_, row) => row).filter(read.has)).toEqual(rows);
    }),
  );
});

test('parts that are no range are left out', () => {
  expect(parseRows('x,2,-,4-').text()).toBe('2');
});

test('joined texts have the rows of all of them once', () => {
  fc.assert(
    fc.property(fc.array(rowSets), (sets) => {
      const all = [...new Set(sets.flat())].sort((a, b) => a - b);
      expect(joinRows(sets.map((rows) => rangesOf(rows).text()))).toBe(rangesOf(all).text());
    }),
  );
});
