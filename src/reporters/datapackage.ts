/** `datapackage.json`: says what the columns of the CSV files mean (Data Package 2.0). */

import type { RunInfo } from '../report.ts';
import type { Column } from './column.ts';
import { FORMULA_LIKE } from './formula-guard.ts';

const PROFILES = 'https://datapackage.org/profiles/2.0';

/** A CSV file and its columns. */
export interface TableFile {
  readonly path: string;
  readonly description: string;
  readonly columns: readonly Omit<Column<unknown>, 'cell'>[];
  readonly primaryKey: readonly string[];
}

/** The package of a run's tables as JSON text. What is ours and not the standard's stands under `earsight`. */
export function datapackage(run: RunInfo, tables: readonly TableFile[]): string {
  const content = {
    $schema: `${PROFILES}/datapackage.json`,
    title: run.name,
    created: run.createdAt,
    resources: tables.map(resource),
    earsight: {
      runId: run.runId,
      version: run.earsightVersion,
      formulaGuard: {
        rule: 'Columns of type string: a cell that begins with an apostrophe and whose rest matches the pattern has one apostrophe too many',
        pattern: FORMULA_LIKE.source,
      },
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function resource({ path, description, columns, primaryKey }: TableFile) {
  return {
    $schema: `${PROFILES}/dataresource.json`,
    type: 'table',
    name: path.replace(/\.csv$/u, ''),
    path,
    description,
    format: 'csv',
    mediatype: 'text/csv',
    encoding: 'utf-8',
    dialect: { $schema: `${PROFILES}/tabledialect.json`, lineTerminator: '\n' },
    schema: {
      $schema: `${PROFILES}/tableschema.json`,
      // The first draft of the profile wants a list here, readers of the text take a string.
      fieldsMatch: 'exact',
      fields: columns.map(({ name, type, description, unit }) => ({ name, type, description, unit })),
      primaryKey,
      missingValues: [''],
    },
  };
}
