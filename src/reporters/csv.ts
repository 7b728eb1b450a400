/** Reporter `csv`: the three tables and the description of their columns. */

import type { Reporter } from '../report.ts';
import { compareColumns, comparisons } from './compare-csv.ts';
import { csvTable } from './csv-table.ts';
import { datapackage } from './datapackage.ts';
import { resultColumns } from './results-csv.ts';
import { SUMMARY_COLUMNS } from './summary-csv.ts';

/** UTF-8 without a byte-order mark, LF, rows in manifest then configuration order. */
export const csv: Reporter = {
  description: 'results.csv (one row for each cell), compare.csv (for each sample), summary.csv, datapackage.json',
  files(report) {
    const results = resultColumns(report);
    const compare = compareColumns(report);
    return [
      { name: 'results.csv', content: { [Symbol.asyncIterator]: () => csvTable(results, report.results()) } },
      {
        name: 'compare.csv',
        content: { [Symbol.asyncIterator]: () => csvTable(compare, comparisons(report.samples())) },
      },
      { name: 'summary.csv', content: { [Symbol.asyncIterator]: () => csvTable(SUMMARY_COLUMNS, report.summary) } },
      {
        name: 'datapackage.json',
        content: [
          datapackage(report.run, [
            {
              path: 'results.csv',
              description: 'One row for each sample, model and repeat',
              columns: results,
              primaryKey: ['sample_id', 'model', 'repeat'],
            },
            {
              path: 'compare.csv',
              description: 'One row for each sample, the models side by side',
              columns: compare,
              primaryKey: ['sample_id'],
            },
            {
              path: 'summary.csv',
              description: 'One row for each model, slice and metric',
              columns: SUMMARY_COLUMNS,
              primaryKey: ['model', 'slice', 'metric'],
            },
          ]),
        ],
      },
    ];
  },
};
