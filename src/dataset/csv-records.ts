/** Splits the lines of a CSV file into records and cells; a bad record does not affect its neighbours. */

import { setImmediate } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { lastCell } from './cell-positions.ts';
import { type CsvCells, OpenRecord, quoteStateAfter } from './csv-quotes.ts';
import type { Defect } from './defect.ts';
import { type Line, MAX_ROW_BYTES } from './read-lines.ts';

/** One record with its cells. */
export interface CsvRecord {
  /** 1-based line where it starts. */
  readonly line: number;
  readonly cells: readonly string[];
  /** As it is written, without its line end. */
  readonly bytes: Buffer;
}

const SPACE = 0x20;
const CARRIAGE_RETURN = 0x0d;
const NEWLINE = Buffer.from('\n');

/** Lines of a bad record that are read again before other work gets its turn. */
const LINES_AT_ONCE = 10_000;

/**
 * Yields the records of a file in batches; a record that cannot be parsed gives a defect in its position. A record ends at
 * the first line end outside of its quoted cells (RFC 4180, 2.5 to 2.7), so its line number is known without the parser.
 * When a cell of a record of several lines cannot be parsed, reading goes on in the line after the one where it begins.
 */
export async function* readRecords(
  batches: AsyncIterable<readonly Line[]>,
  cells: CsvCells,
): AsyncGenerator<readonly (CsvRecord | Defect)[]> {
  const { delimiter, isQuoted } = cells;
  if (!isQuoted) {
    for await (const lines of batches) yield lines.flatMap((line) => splitLine(line, delimiter));
    return;
  }
  const framer = new Framer(cells);
  for await (const lines of batches) {
    for (const line of lines) {
      const bad = framer.add(line);
      if (bad !== undefined) yield* readAgain(framer, bad, delimiter);
    }
    yield parseRecords(framer.take(), delimiter);
  }
  for (let bad = framer.end(); bad !== undefined; bad = framer.end()) yield* readAgain(framer, bad, delimiter);
  yield parseRecords(framer.take(), delimiter);
}

/** One line as one record, with quotes as ordinary characters; a blank line is none. */
function splitLine({ line, bytes, defect }: Line, delimiter: string): readonly (CsvRecord | Defect)[] {
  if (defect !== undefined) return [defect];
  if (isBlank(bytes)) return [];
  return [{ line, cells: bytes.toString('utf8').replace(/\r$/, '').split(delimiter), bytes }];
}

/**
 * Adds the lines of a bad record after the cell that has been reported. Each is a record by itself, so that no line is read a third time; only
 * the last may go on in the lines that follow.
 */
async function* readAgain(
  framer: Framer,
  { record, line: reported }: BadRecord,
  delimiter: string,
): AsyncGenerator<readonly (CsvRecord | Defect)[]> {
  let count = 0;
  for (const line of record.linesAfter(reported)) {
    if (line.line < record.lastLine) framer.addAlone(line);
    else framer.add(line);
    count += 1;
    if (count % LINES_AT_ONCE !== 0) continue;
    yield parseRecords(framer.take(), delimiter);
    await setImmediate();
  }
}

/** A record that the parser accepts, before its cells are separated, or a defect. */
type Framed = { readonly line: number; readonly bytes: Buffer } | Defect;

/** A record of several lines with a cell that has been reported. */
interface BadRecord {
  readonly record: OpenRecord;
  /** Where that cell begins; the lines after it must be read again. */
  readonly line: number;
}

/** Collects lines into records. */
class Framer {
  readonly #cells: CsvCells;
  readonly #delimiter: number;
  #framed: Framed[] = [];
  #open: OpenRecord | undefined;

  constructor(cells: CsvCells) {
    this.#cells = cells;
    this.#delimiter = cells.delimiter.charCodeAt(0);
  }

  /** Returns a bad record when there is one. */
  add(line: Line): BadRecord | undefined {
    const open = this.#open;
    const state = quoteStateAfter(line.bytes, open !== undefined, this.#delimiter);
    if (open === undefined) {
      if (state === 'open') this.#open = new OpenRecord(line);
      else this.#addWhole(line, state === 'closed');
      return undefined;
    }
    open.add(line);
    if (state === 'open') return open.size > MAX_ROW_BYTES ? this.end() : undefined;
    this.#open = undefined;
    if (state === 'stray')
      return this.#reject(open, (begin) => (begin === line.line ? STRAY_QUOTE : goesOn(line.line)));
    for (const defect of open.defects) this.#framed.push(defect);
    if (open.defects.length === 0) this.#framed.push({ line: open.line, bytes: open.bytes() });
    return undefined;
  }

  /** Adds a line that has no part in a record of several lines. */
  addAlone(line: Line): void {
    const state = quoteStateAfter(line.bytes, false, this.#delimiter);
    if (state === 'open' && line.defect === undefined) this.#report(line, () => UNCLOSED_QUOTE);
    else this.#addWhole(line, state === 'closed');
  }

  /** Ends a record whose quoted cell does not. */
  end(): BadRecord | undefined {
    const open = this.#open;
    this.#open = undefined;
    return open && this.#reject(open, () => UNCLOSED_QUOTE);
  }

  /** The records that are complete; each is given once. */
  take(): readonly Framed[] {
    const framed = this.#framed;
    this.#framed = [];
    return framed;
  }

  #addWhole(line: Line, isGood: boolean): void {
    const { bytes, defect } = line;
    if (defect !== undefined) this.#framed.push(defect);
    else if (!isGood) this.#report(line, () => STRAY_QUOTE);
    else if (!isBlank(bytes)) this.#framed.push({ line: line.line, bytes });
  }

  #reject(record: OpenRecord, faultIn: (line: number) => Fault): BadRecord {
    return { record, line: this.#report({ line: record.line, bytes: record.bytes() }, faultIn) };
  }

  /** Reports the cell whose quotes cannot be read; returns the line where it begins. */
  #report(written: Pick<Line, 'line' | 'bytes'>, faultIn: (line: number) => Fault): number {
    const position = lastCell(written, this.#cells);
    this.#framed.push({ ...position, ...faultIn(position.line) });
    return position.line;
  }
}

/** Parses all records in one call, which is fast. */
function parseRecords(framed: readonly Framed[], delimiter: string): readonly (CsvRecord | Defect)[] {
  const text = Buffer.concat(framed.flatMap((record) => ('bytes' in record ? [record.bytes, NEWLINE] : [])));
  const rows: string[][] = parse(text, {
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
  });
  let next = 0;
  return framed.map((record) => {
    if (!('bytes' in record)) return record;
    const cells = rows[next] ?? [];
    next += 1;
    return { line: record.line, cells, bytes: record.bytes };
  });
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === SPACE || byte === CARRIAGE_RETURN);
}

type Fault = Pick<Defect, 'message' | 'hint'>;

const UNCLOSED_QUOTE: Fault = {
  message: 'a quote opens here and is never closed',
  hint: 'close it; a quote inside a quoted cell is written twice',
};

const STRAY_QUOTE: Fault = {
  message: 'a cell that begins with a quote goes on after its closing quote',
  hint: 'put the whole cell in quotes and write each quote inside it twice',
};

const goesOn = (line: number): Fault => ({
  message: `a quote opens here, and the cell goes on after its closing quote on line ${line}`,
  hint: 'close it before; a quote inside a quoted cell is written twice',
});
