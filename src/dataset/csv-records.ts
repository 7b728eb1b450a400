/** Splits the lines of a CSV file into records and cells; a bad record does not affect its neighbours. */

import { CsvError, parse } from 'csv-parse/sync';
import type { Defect } from './defect.ts';
import { type Line, MAX_ROW_BYTES } from './read-lines.ts';

/** One record with its cells. */
export interface CsvRecord {
  /** 1-based line where it starts. */
  readonly line: number;
  readonly cells: readonly string[];
}

const QUOTE = 0x22;
const SPACE = 0x20;
const CARRIAGE_RETURN = 0x0d;
const NEWLINE = Buffer.from('\n');

/**
 * Yields the records of a file in batches; a record that cannot be parsed gives a defect in its position. A record ends
 * at the first line end where its quotes are even (RFC 4180, 2.5 to 2.7), so its line number is known without the
 * parser. When a record of several lines cannot be parsed, only its first line is reported: reading goes on at the second.
 */
export async function* readRecords(
  batches: AsyncIterable<readonly Line[]>,
  delimiter: string,
): AsyncGenerator<readonly (CsvRecord | Defect)[]> {
  let open: readonly Line[] = [];
  let added: Line[] = [];
  for await (const lines of batches) {
    for (const line of lines) added.push(line);
    // An open record goes on at least until a line with a quote, so there is no need to scan it again before one comes.
    if (open.length > 0 && !lines.some(({ bytes }) => hasOddQuotes(bytes)) && bytesOf(added) <= MAX_ROW_BYTES) continue;
    const batch = cutBatch([...open, ...added], delimiter);
    open = batch.open;
    added = [];
    yield batch.records;
  }
  if (added.length > 0) open = [...open, ...added];
  while (open.length > 0) {
    const batch = skipUnclosed(open, delimiter);
    open = batch.open;
    yield batch.records;
  }
}

interface Batch {
  readonly records: readonly (CsvRecord | Defect)[];
  /** Lines of a record that has not ended yet. */
  readonly open: readonly Line[];
}

function cutBatch(lines: readonly Line[], delimiter: string): Batch {
  const batch = cutAtOnce(lines, delimiter) ?? cutOneByOne(lines, delimiter);
  if (bytesOf(batch.open) <= MAX_ROW_BYTES) return batch;
  const rest = skipUnclosed(batch.open, delimiter);
  return { records: [...batch.records, ...rest.records], open: rest.open };
}

/** Reports the first line of a record that does not end, and goes on at its second line. */
function skipUnclosed([first, ...rest]: readonly Line[], delimiter: string): Batch {
  const batch = cutBatch(rest, delimiter);
  return first === undefined ? batch : { ...batch, records: [unclosedQuote(first), ...batch.records] };
}

/** Parses all records in one call, which is fast; undefined when one of them is bad. */
function cutAtOnce(lines: readonly Line[], delimiter: string): Batch | undefined {
  const framed: (readonly Line[])[] = [];
  let from = 0;
  for (let record = frame(lines, from); record !== undefined; record = frame(lines, from)) {
    framed.push(record);
    from += record.length;
  }
  const records = parseRecords(framed, delimiter);
  return records === undefined ? undefined : { records, open: lines.slice(from) };
}

function cutOneByOne(lines: readonly Line[], delimiter: string): Batch {
  const records: (CsvRecord | Defect)[] = [];
  let from = 0;
  for (let record = frame(lines, from); record !== undefined; record = frame(lines, from)) {
    const parsed = parseRecords([record], delimiter);
    records.push(...(parsed ?? record.slice(0, 1).map(strayQuote)));
    from += parsed === undefined ? 1 : record.length;
  }
  return { records, open: lines.slice(from) };
}

/** The lines from `from` up to the first where the quotes are even; undefined when that line has not been read yet. */
function frame(lines: readonly Line[], from: number): readonly Line[] | undefined {
  let isOpen = false;
  for (let at = from; at < lines.length; at += 1) {
    if (hasOddQuotes(lines[at]?.bytes)) isOpen = !isOpen;
    if (!isOpen) return lines.slice(from, at + 1);
  }
  return undefined;
}

function hasOddQuotes(bytes: Buffer | undefined): boolean {
  let isOdd = false;
  for (let at = bytes?.indexOf(QUOTE) ?? -1; at !== -1; at = bytes?.indexOf(QUOTE, at + 1) ?? -1) isOdd = !isOdd;
  return isOdd;
}

/** The cells of records; undefined when one of them has wrong quotes. Blank records are left out. */
function parseRecords(
  framed: readonly (readonly Line[])[],
  delimiter: string,
): readonly (CsvRecord | Defect)[] | undefined {
  const filled = framed.filter((lines) => lines.length > 1 || !isBlank(lines));
  const text = Buffer.concat(filled.flatMap((lines) => lines.flatMap(({ bytes }) => [bytes, NEWLINE])));
  const rows = parseCells(text, delimiter);
  if (rows?.length !== filled.length) return undefined;
  return filled.flatMap((lines, index): readonly (CsvRecord | Defect)[] => {
    const defects = lines.flatMap(({ defect }) => defect ?? []);
    return defects.length > 0 ? defects : [{ line: lines[0]?.line ?? 0, cells: rows[index] ?? [] }];
  });
}

function parseCells(text: Buffer, delimiter: string): readonly (readonly string[])[] | undefined {
  try {
    return parse(text, { delimiter, record_delimiter: ['\r\n', '\n'], relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

const bytesOf = (lines: readonly Line[]) => lines.reduce((sum, { bytes }) => sum + bytes.length, 0);

function isBlank([line]: readonly Line[]): boolean {
  if (line === undefined || line.defect !== undefined) return false;
  return line.bytes.every((byte) => byte === SPACE || byte === CARRIAGE_RETURN);
}

const unclosedQuote = ({ line }: Line): Defect => ({
  line,
  message: 'a quote opens here and is never closed',
  hint: 'close it; a quote inside a quoted cell is written twice',
});

const strayQuote = ({ line }: Line): Defect => ({
  line,
  message: 'a cell without quotes around it contains a quote',
  hint: 'put the whole cell in quotes and write the quote inside it twice',
});
