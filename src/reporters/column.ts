/** What a column of a table is, and how its cells are written. */

import { guard } from './formula-guard.ts';

/** One column: the CSV file and the description beside it are both made of this. */
export interface Column<Row> {
  readonly name: string;
  /** As a Table Schema type; only `string` cells are guarded against formulas. */
  readonly type: 'string' | 'integer' | 'number' | 'datetime';
  readonly unit?: 'ms' | 'USD';
  readonly description: string;
  /** null = missing: an empty cell. A string in a column of numbers is a number already written. */
  readonly cell: (row: Row) => string | number | null;
}

/** Writes one cell: text guarded, numbers with a dot and never rounded but by their unit, missing empty. */
export function writeCell<Row>(column: Column<Row>, row: Row): string {
  const value = column.cell(row);
  if (value === null) return '';
  if (typeof value === 'string') return column.type === 'string' ? guard(value) : value;
  if (!Number.isFinite(value)) return '';
  if (column.unit === 'ms') return writeMs(value);
  return column.unit === 'USD' ? writeUsd(value) : String(value);
}

/** Milliseconds to a tenth: the clock gives no more. */
export function writeMs(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Dollars to ten decimals, without an exponent and without the noise of binary fractions. */
export function writeUsd(value: number): string {
  return value.toFixed(10).replace(/\.?0+$/u, '');
}

/** Several media or targets in one cell, as a manifest writes them. */
export function writeList(items: readonly string[]): string | null {
  return items.length === 0 ? null : items.join('|');
}
