/** Reads the rows of a table by the names in its header, whatever these are. */

import { quote } from '../../text/quote.ts';
import { isReservedName, MAX_COLUMNS } from '../columns.ts';
import { detectDialect, dialectOfHeader, linesFrom } from '../csv-dialect.ts';
import { readRecords } from '../csv-records.ts';
import type { Defect } from '../defect.ts';

/** One row; empty cells are left out. */
export interface TableCells {
  /** 1-based line where it starts. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** Yields rows and defects; a header that cannot be read is the only defect. */
export async function* readTable(path: string): AsyncGenerator<readonly (TableCells | Defect)[]> {
  const dialect = await detectDialect(path);
  let names: readonly string[] | undefined;
  for await (const records of readRecords(linesFrom(path, dialect.startLine), dialect)) {
    const items: (TableCells | Defect)[] = [];
    for (const record of records) {
      if ('message' in record) items.push(record);
      else if (names === undefined) {
        names = record.cells.map((name) => name.trim());
        const fault = faultOfHeader(names);
        if (fault !== undefined) {
          yield [{ line: record.line, ...fault }];
          return;
        }
      } else items.push(rowOf(record.line, record.cells, names));
    }
    yield items;
  }
}

/** The names in the header; undefined when there is none. */
export async function readHeader(path: string): Promise<readonly string[] | undefined> {
  const dialect = await dialectOfHeader(path);
  for await (const [record] of readRecords(linesFrom(path, dialect.startLine), dialect))
    if (record !== undefined)
      return 'message' in record ? undefined : record.cells.map((name) => name.trim().replace(/^"(.*)"$/u, '$1'));
  return undefined;
}

function faultOfHeader(names: readonly string[]): Pick<Defect, 'message' | 'hint'> | undefined {
  if (names.length > MAX_COLUMNS)
    return { message: `the header has ${names.length} columns, more than ${MAX_COLUMNS}`, hint: 'leave some out' };
  const reserved = names.find(isReservedName);
  if (reserved !== undefined)
    return { message: `the name ${quote(reserved)} is reserved`, hint: 'give it another name' };
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  return twice === undefined ? undefined : { message: `column ${quote(twice)} is listed twice`, hint: 'keep one' };
}

function rowOf(line: number, cells: readonly string[], names: readonly string[]): TableCells | Defect {
  if (cells.length !== names.length) {
    const count = `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`;
    return { line, message: `the row has ${count}, the header ${names.length}` };
  }
  const filled = names.map((name, index) => [name, cells[index] ?? ''] as const).filter(([, cell]) => cell !== '');
  // pandas writes the number of the row into a column without a name.
  return { line, cells: Object.fromEntries(filled.filter(([name]) => name !== '')) };
}
