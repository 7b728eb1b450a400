/** The CSV format: a header, then a row a sample. */

import { extname } from 'node:path';
import { type ColumnName, columnOf, misspeltHint } from './columns.ts';
import { unpackCell } from './csv-cells.ts';
import { type CsvRecord, readRecords } from './csv-records.ts';
import type { Complain, Report } from './defect.ts';
import { quote } from './quote.ts';
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

async function* readCsv(path: string, report: Report): AsyncGenerator<RawRow> {
  const isTabbed = ['.tsv', '.tab'].includes(extname(path).toLowerCase());
  let header: Header | undefined;
  for await (const records of readRecords(readLines(path, report), isTabbed ? '\t' : ','))
    for (const record of records) {
      if ('message' in record) {
        report(record);
        continue;
      }
      if (header === undefined) {
        header = readHeader(record, report);
        if (header === undefined) return;
        continue;
      }
      const row = readRow(record, header, report);
      if (row !== undefined) yield row;
    }
}

/** Undefined when nothing can be read by this header, which has been reported. */
function readHeader({ line, cells }: CsvRecord, report: Report): Header | undefined {
  const complain: Complain = (message, hint) => report({ line, message, ...(hint !== undefined && { hint }) });
  const [only = ''] = cells;
  if (cells.length === 1 && /[;\t]/.test(only)) {
    const separator = only.includes(';') ? 'semicolons' : 'tabs';
    complain(`the header is separated by ${separator}`, 'separate CSV by commas, or name a file with tabs .tsv');
    return undefined;
  }
  if (only.includes('\r')) {
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

/** Undefined for a row of empty cells, and for one with a defect, which is reported. */
function readRow({ line, cells }: CsvRecord, { width, columns }: Header, report: Report): RawRow | undefined {
  if (cells.every((cell) => cell.trim() === '')) return undefined;
  if (cells.length !== width) {
    const message = `the row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, the header ${width}`;
    report({ line, message, hint: 'put a cell that holds a comma into quotes' });
    return undefined;
  }
  let isGood = true;
  const values: Record<string, unknown> = Object.create(null);
  for (const { index, name, column } of columns) {
    const cell = cells[index] ?? '';
    if (cell === '') continue;
    values[name] = unpackCell(column, cell, (message, hint) => {
      isGood = false;
      report({ line, message, ...(hint !== undefined && { hint }) });
    });
  }
  return isGood ? { line, values } : undefined;
}
