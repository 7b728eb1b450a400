/** Quotes in the bytes of CSV records: whether a record has ended, where its cells begin, and whether the parser will accept it. */

import { ByteCollector } from '../collections/byte-collector.ts';
import type { Defect } from './defect.ts';
import type { Line } from './read-lines.ts';

const QUOTE = 0x22;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const NEWLINE = Buffer.from('\n');

/** How the cells of a record are separated. */
export interface CsvCells {
  /** One ASCII character. */
  readonly delimiter: string;
  /** Whether cells may be in quotes as in RFC 4180; false = a quote is a character like any other. */
  readonly isQuoted: boolean;
}

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

/** What the quotes of a line leave behind: `open` = the next line belongs to its last cell; `stray` = text follows a closing quote. */
export type QuoteState = 'closed' | 'open' | 'stray';

/**
 * Follows the quotes of one line; `isOpen` = it starts inside of a quoted cell. A cell that begins with a quote ends with
 * one. A quote inside of a cell without quotes around it is a character like any other (`3.5" disk`), as spreadsheets and
 * most parsers read it.
 */
export function quoteStateAfter(line: Buffer, isOpen: boolean, delimiter: number): QuoteState {
  let open = isOpen ? -1 : openingQuote(line, 0, delimiter);
  while (open !== undefined) {
    const end = closingQuote(line, open);
    if (end === -1) return 'open';
    if (!endsCell(line, end + 1, delimiter)) return 'stray';
    open = openingQuote(line, end + 1, delimiter);
  }
  return 'closed';
}

/** Yields where the cells of a record begin, as offsets of bytes. A cell whose quotes cannot be read is the last. */
export function* cellStarts(record: Buffer, { delimiter, isQuoted }: CsvCells): Generator<number> {
  const separator = delimiter.charCodeAt(0);
  for (let at = 0; ; ) {
    yield at;
    if (isQuoted && record[at] === QUOTE) {
      const end = closingQuote(record, at);
      if (end === -1 || !endsCell(record, end + 1, separator)) return;
      at = end + 1;
    }
    const next = record.indexOf(separator, at);
    if (next === -1) return;
    at = next + 1;
  }
}

/** The next quote that begins a cell, from an index outside of quoted cells on. */
function openingQuote(line: Buffer, from: number, delimiter: number): number | undefined {
  for (let at = line.indexOf(QUOTE, from); at !== -1; at = line.indexOf(QUOTE, at + 1))
    if (at === 0 || line[at - 1] === delimiter) return at;
  return undefined;
}

/** The index of the quote that closes the cell which another one opens at `open` (-1 = in a line before); -1 = none. */
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
  #lastLine: number;
  readonly #bytes = new ByteCollector();

  constructor(first: Line) {
    this.line = first.line;
    this.#lastLine = first.line;
    this.#keep(first);
  }

  /** 1-based number of its last line so far. */
  get lastLine(): number {
    return this.#lastLine;
  }

  /** Bytes that it takes, about. */
  get size(): number {
    return this.#bytes.length + DEFECT_BYTES * this.defects.length;
  }

  add(line: Line): void {
    this.#lastLine = line.line;
    this.#bytes.push(NEWLINE);
    this.#keep(line);
  }

  /** All lines with line feeds between them. */
  bytes(): Buffer {
    return this.#bytes.bytes();
  }

  /** The lines after one of its lines as they were added, one at a time. */
  *linesAfter(line: number): Generator<Line> {
    const bytes = this.bytes();
    const defects = new Map(this.defects.map((defect) => [defect.line, defect]));
    let number = this.line;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; ) {
      const start = end + 1;
      end = bytes.indexOf(LINE_FEED, start);
      number += 1;
      if (number <= line) continue;
      const own = bytes.subarray(start, end === -1 ? bytes.length : end);
      const defect = defects.get(number);
      yield defect === undefined ? { line: number, bytes: own } : { line: number, bytes: own, defect };
    }
  }

  #keep({ bytes, defect }: Line): void {
    this.#bytes.push(bytes);
    if (defect !== undefined) this.defects.push(defect);
  }
}
