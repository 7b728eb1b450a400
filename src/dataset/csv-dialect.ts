/** Finds out how a CSV file is written: its separator, whether its quotes mean anything, and Excel's `sep=` line. */

import { extname } from 'node:path';
import { type CsvCells, hasOddQuotes, isWellFormed } from './csv-quotes.ts';
import { type Line, MAX_ROW_BYTES, readLines } from './read-lines.ts';

/** How the cells of one file are separated. */
export interface CsvDialect extends CsvCells {
  /** 1-based line where reading starts: 2 after Excel's `sep=` line. */
  readonly startLine: number;
  /** The first line that is not blank, as it is written. */
  readonly firstLine: string;
}

/** The separators that a header is searched for; any other one needs a `sep=` line. */
const DELIMITERS = [',', ';', '\t'] as const;

/** Excel writes and obeys it as the first line of a file; some exports put it in quotes. */
const SEP_LINE = /^"?sep=([\t!#$%&*+,./:;<=>?@^|~-])"?\r?$/i;

const QUOTE = 0x22;
const TAB = 0x09;
const NEWLINE = Buffer.from('\n');

/** About what a line takes in memory beside its bytes. */
const LINE_BYTES = 128;

/**
 * Reads the first lines of a file, and the whole file when tabs separate its cells: corpora are written with tabs and
 * without quoting, spreadsheets with tabs and with quotes.
 * @throws {Error} a system error when the file cannot be read.
 */
export async function detectDialect(path: string): Promise<CsvDialect> {
  const dialect = await dialectOfHeader(path);
  if (dialect.isQuoted) return dialect;
  return { ...dialect, isQuoted: await areQuotesRfc4180(linesFrom(path, dialect.startLine)) };
}

/**
 * What the first line tells: enough to read the header. Quotes between tabs count as characters.
 * @throws {Error} a system error when the file cannot be read.
 */
export async function dialectOfHeader(path: string): Promise<CsvDialect> {
  const first = await readFirstLine(path);
  const declared = SEP_LINE.exec(first)?.[1];
  const isTabbed = ['.tsv', '.tab'].includes(extname(path).toLowerCase());
  const delimiter = declared ?? delimiterOf(first, isTabbed ? '\t' : ',');
  const startLine = declared === undefined ? 1 : 2;
  return { delimiter, isQuoted: delimiter !== '\t', startLine, firstLine: first };
}

/** Yields the lines of a file from a 1-based line on. */
export async function* linesFrom(path: string, startLine: number): AsyncGenerator<readonly Line[]> {
  for await (const lines of readLines(path))
    yield startLine === 1 ? lines : lines.filter(({ line }) => line >= startLine);
}

/** The first line that is not blank; empty when there is none. */
async function readFirstLine(path: string): Promise<string> {
  for await (const lines of readLines(path))
    for (const { bytes } of lines) {
      const text = bytes.toString('utf8');
      if (text.trim() !== '') return text;
    }
  return '';
}

/** The separator that occurs most often outside of quotes; `usual` when none does or several do equally. */
function delimiterOf(header: string, usual: string): string {
  const outside = header.replace(/"[^"]*"?/g, '');
  const count = (delimiter: string) => outside.split(delimiter).length - 1;
  return DELIMITERS.reduce<string>((best, next) => (count(next) > count(best) ? next : best), usual);
}

/**
 * Whether each quote of a file with tabs is around a cell or doubled inside of one. Quotes over several lines that are
 * whole rows by themselves (`"Stop` in one sentence, `go"` in the next) do not count as such: they would merge rows.
 */
async function areQuotesRfc4180(batches: AsyncIterable<readonly Line[]>): Promise<boolean> {
  let open: Buffer[] = [];
  let openBytes = 0;
  let tabs: number | undefined;
  for await (const lines of batches)
    for (const { bytes } of lines) {
      const isOpen = open.length > 0;
      if (!isOpen && tabs !== undefined && !bytes.includes(QUOTE)) continue;
      tabs ??= tabsOf(bytes);
      open.push(bytes);
      openBytes += bytes.length + LINE_BYTES;
      if (openBytes > MAX_ROW_BYTES) return false;
      if (isOpen !== hasOddQuotes(bytes)) continue;
      if (!isWellFormed(joinLines(open), TAB)) return false;
      if (open.length > 1 && open.every((line) => tabsOf(line) === tabs)) return false;
      open = [];
      openBytes = 0;
    }
  return open.length === 0;
}

const joinLines = (lines: readonly Buffer[]) => Buffer.concat(lines.flatMap((line) => [line, NEWLINE])).subarray(0, -1);

function tabsOf(line: Buffer): number {
  let count = 0;
  for (let at = line.indexOf(TAB); at !== -1; at = line.indexOf(TAB, at + 1)) count += 1;
  return count;
}
