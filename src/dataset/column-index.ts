/** Finds the column of a table that gives a value of a sample: several media may come from numbered columns. */

import type { KnownColumn } from './columns.ts';
import { nameOf } from './columns.ts';
import type { About } from './defect.ts';

/** The index of the column among those that are read; undefined when the table does not have it. */
export function columnIndexOf(
  { column: wanted, item = 0 }: About,
  columns: readonly KnownColumn[],
  values: readonly unknown[],
): number | undefined {
  const numbers = columns
    .map((column, index) => ({ index, column, number: column.type === 'column' ? column.number : undefined }))
    .filter(({ column, number }) => nameOf(column) === wanted || (number !== undefined && baseOf(column) === wanted))
    .sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
  let count = 0;
  const found = numbers.find(({ index }) => {
    count += countOf(values[index]);
    return item < count;
  });
  return (found ?? numbers[0])?.index;
}

const baseOf = (column: KnownColumn) => (column.type === 'column' ? column.name : undefined);

/** Values of a cell: a list, one, or none. */
function countOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return value === undefined || value === null || value === '' ? 0 : 1;
}
