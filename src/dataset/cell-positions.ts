/** Where the cells of a CSV record begin in their file, which only defects need to know. */

import { type CsvCells, cellStarts } from './csv-quotes.ts';
import type { Position } from './defect.ts';
import type { Line } from './read-lines.ts';

const LINE_FEED = 0x0a;

/** The bytes of a record, and the line where it starts. */
type Written = Pick<Line, 'line' | 'bytes'>;

/** Makes a finder of the cells of one record by their index; undefined for one that it does not have. */
export function cellFinder(record: Written, cells: CsvCells): (index: number) => Position | undefined {
  let positions: readonly Position[] | undefined;
  return (index) => {
    positions ??= cellPositions(record, cells);
    return positions[index];
  };
}

/** Columns count from 1 in UTF-16 units, as those of JSON do; the quote of a quoted cell is its first character. */
export function cellPositions(record: Written, cells: CsvCells): readonly Position[] {
  const positions: Position[] = [];
  let at = 0;
  let position: Position = { line: record.line, column: 1 };
  for (const start of cellStarts(record.bytes, cells)) {
    position = advance(position, record.bytes, at, start);
    positions.push(position);
    at = start;
  }
  return positions;
}

/** The cell where reading stopped: that of the quote which is wrong, in a record with one. */
export function lastCell(record: Written, cells: CsvCells): Position {
  let last = 0;
  for (const start of cellStarts(record.bytes, cells)) last = start;
  return advance({ line: record.line, column: 1 }, record.bytes, 0, last);
}

/** The position of the byte `to`, from that of the byte `from`. */
function advance({ line, column }: Position, bytes: Buffer, from: number, to: number): Position {
  const passed = bytes.subarray(from, to);
  let lineStart = 0;
  let lineEnds = 0;
  for (let at = passed.indexOf(LINE_FEED); at !== -1; at = passed.indexOf(LINE_FEED, lineStart)) {
    lineEnds += 1;
    lineStart = at + 1;
  }
  const units = passed.toString('utf8', lineStart).length;
  return { line: line + lineEnds, column: (lineEnds === 0 ? column : 1) + units };
}
