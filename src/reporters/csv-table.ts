/** Writes rows as CSV text in chunks, so that a million rows need no more memory than a thousand. */

import { type Options, stringify } from 'csv-stringify/sync';
import { type Column, writeCell } from './column.ts';
import { type CsvFormat, USUAL_CSV } from './csv-format.ts';
import { guard } from './formula-guard.ts';

/** Some readers break lines at a bare CR and trim blanks at the edges of unquoted fields. */
const CSV: Options = { record_delimiter: '\n', quoted_match: /\r|^\s|\s$/u };

/** Characters collected for one chunk. */
const CHUNK_LENGTH = 65_536;

/** A header, then one record for each row (RFC 4180, but with LF). */
export async function* csvTable<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
  { bom, delimiter }: CsvFormat = USUAL_CSV,
): AsyncGenerator<string> {
  const options = { ...CSV, delimiter };
  let mark = bom ? '\ufeff' : '';
  let records = [columns.map(({ name }) => guard(name))];
  let length = 0;
  for await (const row of rows) {
    const record = columns.map((column) => writeCell(column, row));
    records.push(record);
    for (const cell of record) length += cell.length + 1;
    if (length < CHUNK_LENGTH) continue;
    yield mark + stringify(records, options);
    mark = '';
    records = [];
    length = 0;
  }
  if (records.length > 0) yield mark + stringify(records, options);
}
