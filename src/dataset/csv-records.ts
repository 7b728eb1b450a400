/** Splits the lines of a CSV file into records and cells; a bad record does not affect its neighbours. */

import { setImmediate } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import type { CsvDialect } from './csv-dialect.ts';
import { hasOddQuotes, isReadable, OpenRecord } from './csv-quotes.ts';
import type { Defect } from './defect.ts';
import { type Line, MAX_ROW_BYTES } from './read-lines.ts';

/** One record with its cells. */
export interface CsvRecord {
  /** 1-based line where it starts. */
  readonly line: number;
  readonly cells: readonly string[];
}

const SPACE = 0x20;
const CARRIAGE_RETURN = 0x0d;
const NEWLINE = Buffer.from('\n');

/** Lines of a bad record that are read again before other work gets its turn. */
const LINES_AT_ONCE = 10_000;

/**
 * Yields the records of a file in batches; a record that cannot be parsed gives a defect in its position. A record ends
 * at the first line end where its quotes are even (RFC 4180, 2.5 to 2.7), and a line is one where they are all inside of
 * cells without quotes; so its line number is known without the
 * parser. When a record of several lines cannot be parsed, only its first line is reported: reading goes on at the second.
 */
export async function* readRecords(
  batches: AsyncIterable<readonly Line[]>,
  { delimiter, isQuoted }: Pick<CsvDialect, 'delimiter' | 'isQuoted'>,
): AsyncGenerator<readonly (CsvRecord | Defect)[]> {
  if (!isQuoted) {
    for await (const lines of batches) yield lines.flatMap((line) => splitLine(line, delimiter));
    return;
  }
  const framer = new Framer(delimiter);
  for await (const lines of batches) {
    for (const line of lines) {
      const again = framer.add(line);
      if (again !== undefined) yield* readAgain(framer, again, delimiter);
    }
    yield parseRecords(framer.take(), delimiter);
  }
  const again = framer.end();
  if (again !== undefined) yield* readAgain(framer, again, delimiter);
  yield parseRecords(framer.take(), delimiter);
}

/** One line as one record, with quotes as ordinary characters; a blank line is none. */
function splitLine({ line, bytes, defect }: Line, delimiter: string): readonly (CsvRecord | Defect)[] {
  if (defect !== undefined) return [defect];
  if (isBlank(bytes)) return [];
  return [{ line, cells: bytes.toString('utf8').replace(/\r$/, '').split(delimiter) }];
}

/**
 * Adds the lines of a bad record after its first. Each has an even number of quotes, or the record would have ended
 * before; only the last may open another one. So no line is read a third time.
 */
async function* readAgain(
  framer: Framer,
  lines: Iterable<Line>,
  delimiter: string,
): AsyncGenerator<readonly (CsvRecord | Defect)[]> {
  let count = 0;
  for (const line of lines) {
    framer.add(line);
    count += 1;
    if (count % LINES_AT_ONCE !== 0) continue;
    yield parseRecords(framer.take(), delimiter);
    await setImmediate();
  }
}

/** A record that the parser accepts, before its cells are separated, or a defect. */
type Framed = { readonly line: number; readonly bytes: Buffer } | Defect;

/** Collects lines into records. */
class Framer {
  readonly #delimiter: number;
  #framed: Framed[] = [];
  #open: OpenRecord | undefined;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Returns lines that must be added next: those of a bad record after its first. */
  add(line: Line): Iterable<Line> | undefined {
    const isOdd = hasOddQuotes(line.bytes);
    const open = this.#open;
    if (open === undefined) {
      if (isOdd && !isReadable(line.bytes, this.#delimiter)) this.#open = new OpenRecord(line);
      else this.#addWhole(line);
    } else {
      open.add(line);
      if (isOdd) return this.#close(open);
    }
    return (this.#open?.size ?? 0) > MAX_ROW_BYTES ? this.end() : undefined;
  }

  /** Reports a record that does not end. Returns lines as `add` does. */
  end(): Iterable<Line> | undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    this.#open = undefined;
    this.#framed.push(unclosedQuote(open.line));
    return open.linesAfterFirst();
  }

  /** The records that are complete; each is given once. */
  take(): readonly Framed[] {
    const framed = this.#framed;
    this.#framed = [];
    return framed;
  }

  #addWhole({ line, bytes, defect }: Line): void {
    if (defect === undefined && isBlank(bytes)) return;
    const isGood = defect === undefined && isReadable(bytes, this.#delimiter);
    this.#framed.push(isGood ? { line, bytes } : (defect ?? strayQuote(line)));
  }

  #close(open: OpenRecord): Iterable<Line> | undefined {
    this.#open = undefined;
    const bytes = open.bytes();
    if (!isReadable(bytes, this.#delimiter)) {
      this.#framed.push(strayQuote(open.line));
      return open.linesAfterFirst();
    }
    for (const defect of open.defects) this.#framed.push(defect);
    if (open.defects.length === 0) this.#framed.push({ line: open.line, bytes });
    return undefined;
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
    return { line: record.line, cells };
  });
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === SPACE || byte === CARRIAGE_RETURN);
}

const unclosedQuote = (line: number): Defect => ({
  line,
  message: 'a quote opens here and is never closed',
  hint: 'close it; a quote inside a quoted cell is written twice',
});

const strayQuote = (line: number): Defect => ({
  line,
  message: 'a cell that begins with a quote goes on after its closing quote',
  hint: 'put the whole cell in quotes and write each quote inside it twice',
});
