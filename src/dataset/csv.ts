/** The CSV format: a header, then a row a sample. */

import { extname } from 'node:path';
import { quote } from '../text/quote.ts';
import { type ColumnName, columnOf, misspeltHint } from './columns.ts';
import { unpackCell } from './csv-cells.ts';
import { type CsvRecord, readRecords } from './csv-records.ts';
import type { Complain, Defect } from './defect.ts';
import type { DatasetFormatReader, RawRow } from './raw-row.ts';
import { readLines } from './read-lines.ts';

export const csv: DatasetFormatReader = {
  description: 'CSV with a header (comma, quotes as in RFC 4180); .tsv and .tab are separated by tabs',
  extensions: ['.csv', '.tsv', '.tab'],
  read: readCsv,
};

/** One column of the header that is read; the others have been reported. */
interface HeaderColumn {
  readonly index: number;
  /** As rows name it: a misspelt name, once reported, is read as what it most likely meant. */
  readonly name: string;
  readonly column: ColumnName | undefined;
}

interface Header {
  readonly width: number;
  readonly columns: readonly HeaderColumn[];
}

async function* readCsv(path: string): AsyncGenerator<readonly (RawRow | Defect)[]> {
  const isTabbed = ['.tsv', '.tab'].includes(extname(path).toLowerCase());
  let header: Header | undefined;
  for await (const records of readRecords(readLines(path), isTabbed ? '\t' : ',')) {
    const items: (RawRow | Defect)[] = [];
    for (const record of records) {
      if ('message' in record) items.push(record);
      else if (header !== undefined) readRow(record, header, items);
      else {
        header = readHeader(record, items);
        if (header === undefined) break;
      }
    }
    yield items;
    if (header === undefined && records.some((record) => 'cells' in record)) return;
  }
}

/** Undefined when nothing can be read by this header; its defects go to `items`. */
function readHeader({ line, cells }: CsvRecord, items: (RawRow | Defect)[]): Header | undefined {
  const complain = complainAt(line, items);
  const [only = ''] = cells;
  if (cells.length === 1 && /[;\t]/.test(only)) {
    const separator = only.includes(';') ? 'semicolons' : 'tabs';
    complain(`the header is separated by ${separator}`, 'separate CSV by commas, or name a file with tabs .tsv');
    return undefined;
  }
  if (cells.some((cell) => /\r(?!\n)/.test(cell))) {
    complain('lines end in a carriage return alone', 'save the file with LF or CR LF line ends');
    return undefined;
  }
  const columns: HeaderColumn[] = [];
  const seen = new Map<string, string>();
  cells.forEach((cell, index) => {
    const column = readColumn(cell.trim(), index, seen, complain);
    if (column !== undefined) columns.push(column);
  });
  if (columns.some(({ column }) => column === 'prompt' || column === 'messages' || column === 'turns'))
    return { width: cells.length, columns };
  complain('the header names no "prompt"', `it names ${cells.map((cell) => quote(cell.trim())).join(', ')}`);
  return undefined;
}

function readColumn(
  name: string,
  index: number,
  seen: Map<string, string>,
  complain: Complain,
): HeaderColumn | undefined {
  if (name === '') {
    complain(`column ${index + 1} has no name`, 'name it, or remove it (pandas: to_csv(index=False))');
    return undefined;
  }
  const found = columnOf(name);
  if (found.type === 'reserved') {
    complain(`the column name ${quote(name)} is reserved`, 'give it another name');
    return undefined;
  }
  if (found.type === 'misspelt') complain(`unknown column ${quote(name)}`, misspeltHint(name, found.nearest));
  const meant = found.type === 'misspelt' ? columnOf(found.nearest) : found;
  const column = meant.type === 'column' ? meant.name : undefined;
  const key = column === undefined || (meant.type === 'column' && meant.numbered) ? name : column;
  const earlier = seen.get(key);
  if (earlier !== undefined) {
    const message =
      earlier === name
        ? `the column ${quote(name)} stands twice`
        : `the columns ${quote(earlier)} and ${quote(name)} mean the same`;
    complain(message, 'keep one of them');
    return undefined;
  }
  seen.set(key, name);
  return { index, name: found.type === 'misspelt' ? found.nearest : name, column };
}

const complainAt =
  (line: number, items: (RawRow | Defect)[]): Complain =>
  (message, hint) =>
    items.push({ line, message, ...(hint !== undefined && { hint }) });

/** Adds a row or its defects to `items`; a row of empty cells adds nothing. */
function readRow({ line, cells }: CsvRecord, { width, columns }: Header, items: (RawRow | Defect)[]): void {
  if (cells.every((cell) => cell.trim() === '')) return;
  const complain = complainAt(line, items);
  if (cells.length !== width) {
    const message = `the row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, the header ${width}`;
    complain(message, 'put a cell that holds a comma into quotes');
    return;
  }
  const before = items.length;
  const values: Record<string, unknown> = {};
  for (const { index, name, column } of columns) {
    const cell = cells[index] ?? '';
    if (cell !== '') values[name] = unpackCell(column, cell, complain);
  }
  if (items.length === before) items.push({ line, values });
}
