/** Quotes in the bytes of CSV records: whether a record has ended, and whether the parser will accept it. */

import { ByteCollector } from '../collections/byte-collector.ts';
import type { Defect } from './defect.ts';
import type { Line } from './read-lines.ts';

const QUOTE = 0x22;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const NEWLINE = Buffer.from('\n');

/** About what a defect takes in memory. */
const DEFECT_BYTES = 512;

/** Whether a line opens a quoted cell that it does not close, or closes one. */
export function hasOddQuotes(bytes: Buffer): boolean {
  let isOdd = false;
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) isOdd = !isOdd;
  return isOdd;
}

/** Whether each quote of a record is around a cell, or doubled inside of one, as in RFC 4180. The line end of the record is left out. */
export function isWellFormed(record: Buffer, delimiter: number): boolean {
  for (let at = record.indexOf(QUOTE); at !== -1; at = record.indexOf(QUOTE, at)) {
    if (at > 0 && record[at - 1] !== delimiter) return false;
    const end = closingQuote(record, at);
    if (end === -1 || !endsCell(record, end + 1, delimiter)) return false;
    at = end + 1;
  }
  return true;
}

/**
 * Whether a record is complete when a quote inside of a cell without quotes around it is a character like any other
 * (`3.5" disk`), as spreadsheets and most parsers read it. A cell that begins with a quote must end with one, and a line
 * end must be inside of one.
 */
export function isReadable(record: Buffer, delimiter: number): boolean {
  for (let at = 0; ; ) {
    if (record[at] === QUOTE) {
      const end = closingQuote(record, at);
      if (end === -1 || !endsCell(record, end + 1, delimiter)) return false;
      at = end + 1;
    }
    const next = record.indexOf(delimiter, at);
    const end = next === -1 ? record.length : next;
    if (record.subarray(at, end).includes(LINE_FEED)) return false;
    if (next === -1) return true;
    at = end + 1;
  }
}

/** The index of the quote that closes the cell which another one opens at `open`; -1 = none. */
function closingQuote(record: Buffer, open: number): number {
  let at = record.indexOf(QUOTE, open + 1);
  while (at !== -1 && record[at + 1] === QUOTE) at = record.indexOf(QUOTE, at + 2);
  return at;
}

function endsCell(record: Buffer, at: number, delimiter: number): boolean {
  if (at === record.length || record[at] === delimiter) return true;
  return record[at] === CARRIAGE_RETURN && at === record.length - 1;
}

/** A record of several lines that has not ended. It may have millions of empty lines, so they are kept as bytes. */
export class OpenRecord {
  /** 1-based number of its first line. */
  readonly line: number;
  readonly defects: Defect[] = [];
  readonly #bytes = new ByteCollector();

  constructor(first: Line) {
    this.line = first.line;
    this.#keep(first);
  }

  /** Bytes that it takes, about. */
  get size(): number {
    return this.#bytes.length + DEFECT_BYTES * this.defects.length;
  }

  add(line: Line): void {
    this.#bytes.push(NEWLINE);
    this.#keep(line);
  }

  /** All lines with line feeds between them. */
  bytes(): Buffer {
    return this.#bytes.bytes();
  }

  /** The lines after the first as they were added, one at a time. */
  *linesAfterFirst(): Generator<Line> {
    const bytes = this.bytes();
    const defects = new Map(this.defects.map((defect) => [defect.line, defect]));
    let line = this.line;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; ) {
      const start = end + 1;
      end = bytes.indexOf(LINE_FEED, start);
      line += 1;
      const own = bytes.subarray(start, end === -1 ? bytes.length : end);
      const defect = defects.get(line);
      yield defect === undefined ? { line, bytes: own } : { line, bytes: own, defect };
    }
  }

  #keep({ bytes, defect }: Line): void {
    this.#bytes.push(bytes);
    if (defect !== undefined) this.defects.push(defect);
  }
}
