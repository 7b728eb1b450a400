/** Lines of columns for a terminal or a log. */

import { displayWidth, fitWidth, padWidth } from './display-width.ts';
import { escapeTerminal } from './escape-terminal.ts';

/** Longest text of a cell; ids and names of rules may be anything. */
const WIDEST_CELL = 60;

/** Pads each column to its widest cell. `align` has one letter a column: `l` or `r`. The first row may be the head. */
export function textTable(rows: readonly (readonly string[])[], align: string, indent = ''): string {
  const safe = rows.map((row) => row.map((cell) => fitWidth(escapeTerminal(cell), WIDEST_CELL)));
  const widths = [...align].map((_, column) => Math.max(0, ...safe.map((row) => displayWidth(row[column] ?? ''))));
  const line = (row: readonly string[]) =>
    widths.map((width, column) => padWidth(row[column] ?? '', width, align[column] === 'r' ? 'right' : 'left'));
  return safe.map((row) => `${indent}${line(row).join('  ').trimEnd()}\n`).join('');
}
