/** Columns of tables, and how their cells are written. */

import { guard } from './formula-guard.ts';

/** One column, the source of the CSV file and of its description. */
export interface Column<Row> {
  readonly name: string;
  /** As a Table Schema type. Cells of the other types are guarded against formulas, too, unless they are what they should be. */
  readonly type: 'string' | 'integer' | 'number' | 'datetime';
  readonly unit?: 'ms' | 'USD';
  readonly description: string;
  /** null = missing, an empty cell. A string in a numeric column is a formatted number. */
  readonly cell: (row: Row) => string | number | null;
}

/** A formatted number, or a date as in ISO 8601. */
const PLAIN = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$|^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Writes one cell: text guarded against formulas, numbers with a dot and rounded only by their unit, missing as empty. */
export function writeCell<Row>(column: Column<Row>, row: Row): string {
  const value = column.cell(row);
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return column.type !== 'string' && PLAIN.test(value) ? value : guard(value);
  // The types say that nothing else gets here; a journal of somebody else may hold anything.
  if (typeof value !== 'number') return guard(String(value));
  if (!Number.isFinite(value)) return '';
  if (column.unit === 'ms') return writeMs(value);
  return column.unit === 'USD' ? writeUsd(value) : String(value);
}

/** Milliseconds to a tenth, the precision of the clock. */
export function writeMs(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Decimal digits that a double always keeps. */
const EXACT_DIGITS = 15;

/** Dollars to ten decimals, without an exponent or rounding errors of binary fractions. */
export function writeUsd(value: number): string {
  const whole = Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1;
  const decimals = Math.min(10, Math.max(0, EXACT_DIGITS - whole));
  return value.toFixed(decimals).replace(/\.0*$|(\.\d*?)0+$/u, '$1');
}

/** Several media in one cell, as in a manifest: separated by `|`, which is `\|` inside of a value. */
export function writeList(items: readonly string[]): string | null {
  return items.length === 0 ? null : items.map((item) => item.replaceAll('|', '\\|')).join('|');
}

/** One target as plain text, several as a JSON list, as in a manifest. */
export function writeTargets(targets: readonly string[]): string | null {
  const [only] = targets;
  if (only === undefined) return null;
  const plain = targets.length === 1 && !/^\s*\[\s*"/u.test(only);
  return plain ? only : JSON.stringify(targets);
}
