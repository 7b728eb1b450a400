/** Reporter `parquet`: the long table for data frames and databases. */

import type { Reporter, RunReport } from '../../report.ts';
import { resultColumns } from '../results-csv.ts';
import { parquetTable } from './parquet-table.ts';

/** The columns, types and rows of `results.csv`. */
export const parquet: Reporter = {
  description: 'results.parquet: the rows and columns of results.csv, for data frames and databases',
  packages: ['hyparquet-writer'],
  files: (report) => [{ name: 'results.parquet', content: { [Symbol.asyncIterator]: () => table(report) } }],
};

function table(report: RunReport): AsyncGenerator<Uint8Array> {
  const columns = resultColumns(report);
  const { runId, earsightVersion: version } = report.run;
  // The file says what its columns are, wherever it is copied to.
  const described = columns.map(({ name, type, description, unit }) => ({ name, type, description, unit }));
  return parquetTable(columns, report.results(), {
    earsight: JSON.stringify({ runId, version, primaryKey: ['sample_id', 'model', 'repeat'], columns: described }),
  });
}
