/** The CSV format: a header, then one row for each sample. */

import { extname } from 'node:path';
import { defined } from '../collections/defined.ts';
import { quote } from '../text/quote.ts';
import { type ColumnName, isRepeated, type KnownColumn, MAX_COLUMNS, resolveColumn } from './columns.ts';
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

interface Header {
  /** Cells that every row must have. */
  readonly width: number;
  /** The columns that are read; the others have been reported. */
  readonly columns: readonly KnownColumn[];
  /** For each of them the index of its cell. */
  readonly cellIndexes: readonly number[];
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

/** Undefined when no row can be read with this header; its defects go to `items`. */
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
  if (cells.length > MAX_COLUMNS) {
    complain(`the header has ${cells.length} columns, more than ${MAX_COLUMNS}`, 'leave out what is not needed');
    return undefined;
  }
  const names = cells.map((cell) => cell.trim());
  const columns = readColumns(names, complain);
  if (columns.some((column) => column?.type === 'column' && QUESTIONS.includes(column.name)))
    return {
      width: cells.length,
      columns: columns.filter((column) => column !== undefined),
      cellIndexes: [...columns.keys()].filter((index) => columns[index] !== undefined),
    };
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : '';
  complain(
    'the header has no "prompt" column',
    `its columns are ${names.slice(0, MAX_LISTED).map(quote).join(', ')}${more}`,
  );
  return undefined;
}

/** Columns that a message lists. */
const MAX_LISTED = 20;

/** The columns that may hold what the model is asked. */
const QUESTIONS: readonly ColumnName[] = ['prompt', 'messages', 'turns'];

/** One column for each name; undefined for one that cannot be read, which is reported. */
function readColumns(names: readonly string[], complain: Complain): readonly (KnownColumn | undefined)[] {
  const seen = new Set<string>();
  const namesByColumn = new Map<ColumnName, string>();
  return names.map((name, index) => {
    if (name === '') {
      complain(`column ${index + 1} has no name`, 'name it, or remove it (pandas: to_csv(index=False))');
      return undefined;
    }
    if (seen.has(name)) {
      complain(`column ${quote(name)} is listed twice`, 'keep one of them');
      return undefined;
    }
    seen.add(name);
    const column = resolveColumn(name, complain);
    return column === undefined || isRepeated(column, name, namesByColumn, complain) ? undefined : column;
  });
}

const complainAt =
  (line: number, items: (RawRow | Defect)[]): Complain =>
  (message, hint) =>
    items.push(defined({ line, message, hint }));

/** Adds a row or its defects to `items`; a row of empty cells adds nothing. */
function readRow({ line, cells }: CsvRecord, header: Header, items: (RawRow | Defect)[]): void {
  if (cells.every((cell) => cell.trim() === '')) return;
  const { width, columns, cellIndexes } = header;
  const complain = complainAt(line, items);
  if (cells.length !== width) {
    const message = `the row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, the header ${width}`;
    complain(message, 'put cells that contain a comma in quotes');
    return;
  }
  const before = items.length;
  const values = columns.map((column, index) => {
    const cell = cells[cellIndexes[index] ?? -1] ?? '';
    return cell === '' ? undefined : unpackCell(column, cell, complain);
  });
  if (items.length === before) items.push({ line, columns, values });
}
