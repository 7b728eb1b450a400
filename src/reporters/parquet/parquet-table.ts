/** Writes rows as a Parquet file, one row group at a time, so that a million rows need no more memory than ten thousand. */

import { loadOptional } from '../../optional-package.ts';
import { type Column, writeMs, writeUsd } from '../column.ts';

/** Names and values that are kept beside the data. */
export type ParquetNotes = Readonly<Record<string, string>>;

/** Rows of one group: few enough to be held, enough for dictionaries and runs. */
const GROUP_ROWS = 10_000;
/** Characters of one group: rows with long answers make groups of fewer rows. */
const GROUP_CHARACTERS = 8 * 2 ** 20;

/** What the writer takes: text, a count, a figure, a time; null = missing. */
type Value = string | bigint | number | Date | null;

/** How each type of a column is kept. Every column may lack values. */
const TYPES = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  datetime: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
} as const satisfies Record<Column<unknown>['type'], object>;

/** @throws {InputError} when the package that writes it is not installed. */
export async function* parquetTable<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
  notes: ParquetNotes,
): AsyncGenerator<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await loadOptional(
    'hyparquet-writer',
    () => import('hyparquet-writer'),
    'results.parquet needs',
  );
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...TYPES[type] })),
    ],
    kvMetadata: Object.entries(notes).map(([key, value]) => ({ key, value })),
    createdBy: 'earsight',
  });
  /** What was written since the last time. `offset` of the writer goes on counting: it is a place in the file. */
  const take = () => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  const writeGroup = ({ data, rows: rowGroupSize }: Group) => {
    writer.write({
      columnData: columns.map(({ name }, index) => ({ name, data: data[index] ?? [] })),
      rowGroupSize,
    });
    return take();
  };
  let group = emptyGroup(columns.length);
  for await (const row of rows) {
    addRow(group, columns, row);
    if (group.rows < GROUP_ROWS && group.characters < GROUP_CHARACTERS) continue;
    yield writeGroup(group);
    group = emptyGroup(columns.length);
  }
  if (group.rows > 0) yield writeGroup(group);
  writer.finish();
  yield take();
}

/** Rows that wait until there are enough, by column. */
interface Group {
  readonly data: readonly Value[][];
  rows: number;
  characters: number;
}

function emptyGroup(columns: number): Group {
  return { data: Array.from({ length: columns }, () => []), rows: 0, characters: 0 };
}

function addRow<Row>(group: Group, columns: readonly Column<Row>[], row: Row): void {
  for (const [index, column] of columns.entries()) {
    const value = cellValue(column, row);
    group.data[index]?.push(value);
    if (typeof value === 'string') group.characters += value.length;
  }
  group.rows += 1;
}

/** The value as CSV has it, without the guard against formulas. A journal of somebody else may hold anything: it is missing here. */
function cellValue<Row>({ type, unit, cell }: Column<Row>, row: Row): Value {
  const value = cell(row) ?? null;
  if (value === null) return null;
  if (type === 'string') return String(value);
  if (type === 'datetime') return timeOf(value);
  const figure = Number(value);
  if (value === '' || !Number.isFinite(figure)) return null;
  if (type === 'integer') return Number.isSafeInteger(figure) ? BigInt(figure) : null;
  if (unit === 'ms') return Number(writeMs(figure));
  return unit === 'USD' ? Number(writeUsd(figure)) : figure;
}

function timeOf(value: string | number): Date | null {
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? null : time;
}
