/** `datapackage.json`: describes the columns of the tables (Data Package 2.0). */

import type { RunInfo } from '../report.ts';
import type { Column } from './column.ts';
import { type CsvFormat, csvFormatOf, USUAL_CSV } from './csv-format.ts';
import { FORMULA_LIKE } from './formula-guard.ts';

const PROFILES = 'https://datapackage.org/profiles/2.0';

/** A table and its columns. */
export interface TableFile {
  readonly path: string;
  /** Absent = CSV. */
  readonly format?: 'parquet';
  readonly description: string;
  readonly columns: readonly Omit<Column<unknown>, 'cell'>[];
  readonly primaryKey: readonly string[];
}

/** The package of the tables of a run as JSON text. Members outside of the standard are under `earsight`. */
export function datapackage(run: RunInfo, tables: readonly TableFile[]): string {
  const format = csvFormatOf(run.config);
  const content = {
    $schema: `${PROFILES}/datapackage.json`,
    title: run.name,
    created: run.createdAt,
    resources: tables.map((table) => resource(table, format)),
    earsight: {
      runId: run.runId,
      version: run.earsightVersion,
      ...(format.bom ? { byteOrderMark: true } : {}),
      formulaGuard: {
        rule: 'At the start of a cell, and after each semicolon, tab, line feed and carriage return in it: an apostrophe is one too many if the text after it matches the pattern. A plain number such as -5, +3 or -1,234.56 has none',
        pattern: FORMULA_LIKE.source,
      },
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function resource({ path, format, description, columns, primaryKey }: TableFile, csv: CsvFormat) {
  return {
    $schema: `${PROFILES}/dataresource.json`,
    type: 'table',
    // Names are unique: results.csv is "results", and results.parquet "results-parquet".
    name: path.replace(/\.csv$/u, '').replace('.', '-'),
    path,
    description,
    ...(format === 'parquet' ? PARQUET_FORMAT : csvFormat(csv)),
    schema: {
      $schema: `${PROFILES}/tableschema.json`,
      // The first draft of the profile has a list here, but the specification has a string.
      fieldsMatch: 'exact',
      fields: columns.map(({ name, type, description, unit }) => ({ name, type, description, unit })),
      primaryKey,
      ...(format === 'parquet' ? {} : { missingValues: [''] }),
    },
  };
}

const PARQUET_FORMAT = { format: 'parquet', mediatype: 'application/vnd.apache.parquet' };

function csvFormat({ delimiter }: CsvFormat) {
  return {
    format: 'csv',
    mediatype: 'text/csv',
    encoding: 'utf-8',
    dialect: {
      $schema: `${PROFILES}/tabledialect.json`,
      lineTerminator: '\n',
      ...(delimiter === USUAL_CSV.delimiter ? {} : { delimiter }),
    },
  };
}
