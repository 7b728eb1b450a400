/** Tables of text for a terminal or a log: columns padded by their display width. */

import { displayWidth, fitWidth, padWidth } from './display-width.ts';
import { escapeTerminal } from './escape-terminal.ts';

export type Alignment = 'left' | 'right';

/** Between two columns. */
export const COLUMN_GAP = '  ';

/** Longest text of a cell; ids and names of rules may be anything. */
const WIDEST_CELL = 60;

/** Escapes cells and pads each column to its widest cell. `align` has one letter a column: `l` or `r`. The first row may be the head. */
export function textTable(rows: readonly (readonly string[])[], align: string, indent = ''): string {
  const alignments = [...align].map((letter) => (letter === 'r' ? 'right' : 'left'));
  const safe = rows.map((row) => row.map((cell) => fitWidth(escapeTerminal(cell), WIDEST_CELL)));
  const widths = columnWidths(safe, alignments.length);
  return safe.map((row) => `${indent}${alignCells(row, widths, alignments).join(COLUMN_GAP).trimEnd()}\n`).join('');
}

/** The display width of the widest cell of each column. */
export function columnWidths(rows: readonly (readonly string[])[], columns: number): readonly number[] {
  return Array.from({ length: columns }, (_, column) =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? '')), 0),
  );
}

/** The cells of a row, each cut and padded to the width of its column. */
export function alignCells(
  row: readonly string[],
  widths: readonly number[],
  alignments: readonly Alignment[],
): readonly string[] {
  return widths.map((width, column) =>
    padWidth(fitWidth(row[column] ?? '', width), width, alignments[column] ?? 'left'),
  );
}
