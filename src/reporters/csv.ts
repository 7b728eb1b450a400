/** Reporter `csv`: the tables and the description of their columns. */

import type { Reporter } from '../report.ts';
import { compareColumns, comparisons } from './compare-csv.ts';
import { csvFormatOf } from './csv-format.ts';
import { csvTable } from './csv-table.ts';
import { datapackage } from './datapackage.ts';
import { resultColumns } from './results-csv.ts';
import { SUMMARY_COLUMNS, summaryRows } from './summary-csv.ts';
import { TURN_COLUMNS, turnRows } from './turns-csv.ts';

/** UTF-8, LF, rows in manifest then configuration order. */
export const csv: Reporter = {
  description: 'results.csv (a row a cell), compare.csv (sample), turns.csv (turn), summary.csv, datapackage.json',
  files(report) {
    const format = csvFormatOf(report.run.config);
    const results = resultColumns(report);
    const compare = compareColumns(report);
    const ofResults = {
      description: 'One row for each sample, model and repeat',
      columns: results,
      primaryKey: ['sample_id', 'model', 'repeat'],
    };
    const turnFiles = report.hasTurns
      ? [
          {
            name: 'turns.csv',
            content: { [Symbol.asyncIterator]: () => csvTable(TURN_COLUMNS, turnRows(report.results()), format) },
          },
        ]
      : [];
    return [
      { name: 'results.csv', content: { [Symbol.asyncIterator]: () => csvTable(results, report.results(), format) } },
      {
        name: 'compare.csv',
        content: { [Symbol.asyncIterator]: () => csvTable(compare, comparisons(report.samples()), format) },
      },
      ...turnFiles,
      {
        name: 'summary.csv',
        content: { [Symbol.asyncIterator]: () => csvTable(SUMMARY_COLUMNS, summaryRows(report), format) },
      },
      {
        name: 'datapackage.json',
        content: [
          datapackage(report.run, [
            { path: 'results.csv', ...ofResults },
            {
              path: 'compare.csv',
              description: 'One row for each sample, the models side by side',
              columns: compare,
              primaryKey: ['sample_id'],
            },
            ...(report.hasTurns ? [TURNS_TABLE] : []),
            {
              path: 'summary.csv',
              description: 'One row for each model, slice and metric',
              columns: SUMMARY_COLUMNS,
              primaryKey: ['model', 'slice', 'metric'],
            },
            ...(report.reporters?.includes('parquet') === true
              ? [{ path: 'results.parquet', format: 'parquet' as const, ...ofResults }]
              : []),
          ]),
        ],
      },
    ];
  },
};

const TURNS_TABLE = {
  path: 'turns.csv',
  description: 'One row for each turn of each sample with turns, model and repeat',
  columns: TURN_COLUMNS,
  primaryKey: ['sample_id', 'model', 'repeat', 'turn'],
};
