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

/** Digits that a double holds whatever they are. */
const EXACT_DIGITS = 15;

/** Dollars to ten decimals, without an exponent and without the noise of binary fractions. */
export function writeUsd(value: number): string {
  const whole = Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1;
  const decimals = Math.min(10, Math.max(0, EXACT_DIGITS - whole));
  return value.toFixed(decimals).replace(/\.0*$|(\.\d*?)0+$/u, '$1');
}

/** Several media in one cell, as a manifest has them: separated by `|`, which is `\|` inside one. */
export function writeList(items: readonly string[]): string | null {
  return items.length === 0 ? null : items.map((item) => item.replaceAll('|', '\\|')).join('|');
}

/** One target as it is, several as a JSON list, as a manifest has them. */
export function writeTargets(targets: readonly string[]): string | null {
  const [only] = targets;
  if (only === undefined) return null;
  const plain = targets.length === 1 && !/^\s*\[\s*"/u.test(only);
  return plain ? only : JSON.stringify(targets);
}
