/** The CSV format: a header, then one row for each sample. */

import { defined } from '../collections/defined.ts';
import { quote } from '../text/quote.ts';
import { cellFinder } from './cell-positions.ts';
import { columnIndexOf } from './column-index.ts';
import { missingColumn } from './column-map.ts';
import {
  type ColumnName,
  type ColumnNames,
  columnOf,
  isRepeated,
  type KnownColumn,
  MAX_COLUMNS,
  resolveColumn,
} from './columns.ts';
import { unpackCell } from './csv-cells.ts';
import { type CsvDialect, detectDialect, linesFrom } from './csv-dialect.ts';
import { type CsvRecord, readRecords } from './csv-records.ts';
import { DEFAULTS_CELL, defaultOfCell, LATE } from './defaults.ts';
import type { Complain, Defect } from './defect.ts';
import { proposeMap, questionElsewhere } from './other-names.ts';
import type { DatasetFormatReader, FindValue, RawRow } from './raw-row.ts';

export const csv: DatasetFormatReader = {
  description: 'CSV with a header: commas, semicolons or tabs (.tsv, .tab), quotes as in RFC 4180',
  extensions: ['.csv', '.tsv', '.tab'],
  read: readCsv,
};

interface Header {
  /** Cells that every row must have. */
  readonly width: number;
  /** The columns that are read; the others have been reported, or have no name. */
  readonly columns: readonly KnownColumn[];
  /** For each of them the index of its cell; the last ones may have only a default. */
  readonly cellIndexes: readonly number[];
  /** For each of them the value of an empty cell. */
  readonly defaults: readonly unknown[];
  /** As written; a row of the same cells is the header of a file that was joined to this one. */
  readonly names: readonly string[];
  /** Cells with the trailing ones without a name; a row may have them, too. */
  readonly widest: number;
  /** Indexes of the columns without a name, less those in which a value has been reported. */
  readonly nameless: Set<number>;
}

async function* readCsv(
  path: string,
  hasPrompt: boolean,
  names?: ColumnNames,
): AsyncGenerator<readonly (RawRow | Defect)[]> {
  const dialect = await detectDialect(path);
  const other = otherFormat(dialect);
  if (other !== undefined) {
    yield [other];
    return;
  }
  let header: Header | undefined;
  const defaults: Default[] = [];
  let isFirst = true;
  for await (const records of readRecords(linesFrom(path, dialect.startLine), dialect)) {
    const items: (RawRow | Defect)[] = [];
    let hasFailed = false;
    for (const record of records) {
      if ('message' in record) items.push(record);
      else if (isEmptyRow(record)) continue;
      else if (isFirst && record.cells[0]?.trim() === DEFAULTS_CELL) {
        isFirst = false;
        defaults.push(...readDefaults(record, dialect, items));
      } else if (header !== undefined) readRow(record, header, dialect, items);
      else {
        header = readHeader(record, { hasPrompt, renames: names, defaults, dialect }, items);
        hasFailed = header === undefined;
        if (hasFailed) break;
      }
    }
    yield items;
    if (hasFailed) return;
  }
}

/** A spreadsheet writes rows of separators alone; they are no rows. */
const isEmptyRow = ({ cells }: CsvRecord) => cells.every((cell) => cell.trim() === '');

interface HeaderRules {
  readonly dialect: CsvDialect;
  readonly hasPrompt: boolean;
  readonly renames: ColumnNames | undefined;
  readonly defaults: readonly Default[];
}

/** A value for rows without their own. */
interface Default {
  readonly column: KnownColumn;
  readonly value: unknown;
}

/** The cells `name=value` after `#defaults`, in the line before the header. */
function readDefaults(record: CsvRecord, dialect: CsvDialect, items: (RawRow | Defect)[]): readonly Default[] {
  const findCell = cellFinder(record, dialect);
  return record.cells.slice(1).flatMap((cell, index) => {
    const complain = complainAt(() => findCell(index + 1), items);
    const found = defaultOfCell(cell, complain);
    return found === undefined ? [] : [{ column: found.column, value: unpackCell(found.column, found.text, complain) }];
  });
}

/** Undefined when no row can be read with this header; its defects go to `items`. */
function readHeader(
  record: CsvRecord,
  { hasPrompt, renames, defaults, dialect }: HeaderRules,
  items: (RawRow | Defect)[],
): Header | undefined {
  const { line, cells } = record;
  const complain = complainAt(() => ({ line }), items);
  if (cells.some((cell) => /\r(?!\n)/.test(cell))) {
    complain('lines end in a carriage return alone', 'save the file with LF or CR LF line ends');
    return undefined;
  }
  if (cells.length > MAX_COLUMNS) {
    complain(`the header has ${cells.length} columns, more than ${MAX_COLUMNS}`, 'leave out what is not needed');
    return undefined;
  }
  const names = cells.map((cell) => cell.trim());
  const missing = [...(renames?.sources ?? [])].filter(([source]) => !names.includes(source));
  for (const [source, column] of missing) {
    const { message, hint } = missingColumn(source, column, names);
    complain(message, hint);
  }
  if (missing.some(([, column]) => QUESTIONS.some((name) => name === column))) return undefined;
  const findCell = cellFinder(record, dialect);
  const own = readColumns(names, renames, (index) => complainAt(() => findCell(index), items));
  const columns = [...own, ...defaults.filter(({ column }) => !own.some((one) => isSameColumn(one.column, column)))];
  if (hasPrompt || columns.some(({ column }) => column.type === 'column' && QUESTIONS.includes(column.name)))
    return {
      width: names.findLastIndex((name) => name !== '') + 1,
      columns: columns.map(({ column }) => column),
      cellIndexes: own.map(({ cellIndex }) => cellIndex),
      defaults: columns.map(({ column }) => defaults.find((one) => isSameColumn(one.column, column))?.value),
      names: cells,
      widest: cells.length,
      nameless: new Set([...names.keys()].filter((index) => names[index] === '')),
    };
  complain('the header has no "prompt" column', hintOfNames(names));
  return undefined;
}

function isSameColumn(one: KnownColumn, other: KnownColumn): boolean {
  if (one.type === 'metadata') return other.type === 'metadata' && one.key === other.key;
  return other.type === 'column' && one.name === other.name && one.number === other.number;
}

/** One of the columns may hold the prompt under another name. */
function hintOfNames(names: readonly string[]): string {
  const hasTarget = names.map((name) => columnOf(name)).some((column) => 'name' in column && column.name === 'target');
  if (questionElsewhere(names) !== undefined) return proposeMap(names, hasTarget);
  const more = names.length > MAX_LISTED ? ` and ${names.length - MAX_LISTED} more` : '';
  return `its columns are ${names.slice(0, MAX_LISTED).map(quote).join(', ')}${more}; or set dataset.prompt`;
}

/** What a first line that is no header at all is reported as: once, instead of line by line. */
function otherFormat({ firstLine, startLine }: CsvDialect): Defect | undefined {
  const text = firstLine.trim();
  if (/^[{[]\s*["{[]/.test(text))
    return { line: startLine, message: 'is JSON, not CSV', hint: 'name it .jsonl, or set format: jsonl' };
  if (/^\|.+\|$/.test(text))
    return {
      line: startLine,
      message: 'is a Markdown table, not CSV',
      hint: 'separate cells by commas, without bars and without the line of dashes',
    };
  return undefined;
}

/** Columns that a message lists. */
const MAX_LISTED = 20;

/** The columns that may hold what the model is asked. */
const QUESTIONS: readonly ColumnName[] = ['prompt', 'messages', 'turns'];

/** The columns that are read, in order; names that cannot be read are reported. */
function readColumns(
  names: readonly string[],
  renames: ColumnNames | undefined,
  complainOf: (cellIndex: number) => Complain,
): readonly { readonly column: KnownColumn; readonly cellIndex: number }[] {
  const seen = new Set<string>();
  const namesByColumn = new Map<ColumnName, string>();
  return names.flatMap((written, cellIndex) => {
    if (written === '') return [];
    const complain = complainOf(cellIndex);
    return (renames?.of(written) ?? [written]).flatMap((name) => {
      if (seen.has(name)) {
        complain(`column ${quote(name)} is listed twice`, 'keep one of them');
        return [];
      }
      seen.add(name);
      const column = resolveColumn(name, complain);
      return column === undefined || isRepeated(column, name, namesByColumn, complain) ? [] : [{ column, cellIndex }];
    });
  });
}

const complainAt =
  (place: () => Pick<Defect, 'line' | 'column'> | undefined, items: (RawRow | Defect)[]): Complain =>
  (message, hint) =>
    items.push(defined({ ...place(), message, hint }));

/** Adds a row or its defects to `items`. */
function readRow(record: CsvRecord, header: Header, dialect: CsvDialect, items: (RawRow | Defect)[]): void {
  const { line, cells } = record;
  const { width, names, widest, columns, cellIndexes, defaults, nameless } = header;
  const findCell = cellFinder(record, dialect);
  const complainOf = (index: number) => complainAt(() => findCell(index), items);
  const complain = complainAt(() => ({ line }), items);
  if (cells[0]?.trim() === DEFAULTS_CELL) {
    complain(LATE.message, LATE.hint);
    return;
  }
  if (cells.length < width || cells.length > widest) {
    const count = cells.length < width ? width : widest;
    complain(
      `the row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, the header ${count}`,
      hintOf(dialect),
    );
    return;
  }
  if (cells.length > 1 && cells.every((cell, index) => cell === names[index])) {
    complain('repeats the header', 'remove this line; files may have been joined here');
    return;
  }
  for (const index of nameless)
    if ((cells[index] ?? '').trim() !== '') {
      nameless.delete(index);
      complainOf(index)(
        `column ${index + 1} has a value here and no name in the header`,
        'name it, or remove it (pandas: to_csv(index=False))',
      );
    }
  const before = items.length;
  const values = columns.map((column, index) => {
    const at = cellIndexes[index] ?? -1;
    const cell = cells[at] ?? '';
    return cell === '' ? defaults[index] : unpackCell(column, cell, complainOf(at));
  });
  if (items.length > before) return;
  const find: FindValue = (about) => {
    const index = columnIndexOf(about, columns, values) ?? -1;
    const cellIndex = cellIndexes[index] ?? -1;
    // The value of an empty cell is a default, which is written elsewhere.
    return cells[cellIndex] === '' && values[index] !== undefined ? undefined : findCell(cellIndex);
  };
  items.push({ line, columns, values, find });
}

/** What to do about a row with too few or too many cells. */
function hintOf({ delimiter, isQuoted }: CsvDialect): string {
  if (!isQuoted)
    return 'remove tabs and line ends from cells; not all quotes of the file follow RFC 4180, so they do not enclose cells';
  const name = NAMES[delimiter] ?? quote(delimiter);
  return `put cells that contain a ${name} in quotes`;
}

const NAMES: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };
