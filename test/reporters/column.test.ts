import { expect, test } from 'vitest';
import { type Column, writeCell } from '../../src/reporters/column.ts';

/** Writes a value that the types do not allow, as a report of a foreign journal could hold it. */
function written(type: Column<unknown>['type'], value: unknown, unit?: 'ms' | 'USD'): string {
  const column = { name: 'c', type, description: 'd', cell: (row: unknown) => row, ...(unit ? { unit } : {}) };
  return writeCell(column as Column<unknown>, value);
}

test.each(['integer', 'number', 'datetime'] as const)('a %s column guards what is no number like text', (type) => {
  for (const formula of ['=1+1', '@SUM(A1)', '+1+cmd', '-1+1']) expect(written(type, formula)).toBe(`'${formula}`);
  for (const text of ['0x10', '1e5=1']) expect(written(type, text)).toBe(text);
  expect(written(type, '1\n=1')).toBe("1\n'=1");
  expect(written(type, ['=1+1'])).toBe("'=1+1");
  expect(written(type, undefined)).toBe('');
});

test('numbers, formatted numbers and dates are written as they are', () => {
  expect(written('number', -1.5)).toBe('-1.5');
  expect(written('number', '-1.5')).toBe('-1.5');
  expect(written('number', '-1.5e-7')).toBe('-1.5e-7');
  expect(written('number', -12.34, 'ms')).toBe('-12.3');
  expect(written('datetime', '2026-01-02T03:04:05.678Z')).toBe('2026-01-02T03:04:05.678Z');
  expect(written('number', Number.POSITIVE_INFINITY)).toBe('');
});
