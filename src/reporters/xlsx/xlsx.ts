/** Reporter `xlsx`: the tables for people as a spreadsheet. */

import type { Reporter, RunReport } from '../../report.ts';
import type { Result } from '../../result.ts';
import { compareColumns, comparisons } from '../compare-csv.ts';
import { resultColumns } from '../results-csv.ts';
import { SUMMARY_COLUMNS, summaryRows } from '../summary-csv.ts';
import { sheetXml } from './sheet-xml.ts';
import { workbook } from './workbook.ts';

export const xlsx: Reporter = {
  description: 'compare.xlsx: comparison, summary and failures as a spreadsheet',
  files: (report) => [{ name: 'compare.xlsx', content: { [Symbol.asyncIterator]: () => spreadsheet(report) } }],
};

function spreadsheet(report: RunReport): AsyncGenerator<Uint8Array> {
  return workbook([
    { name: 'comparison', xml: sheetXml(compareColumns(report), comparisons(report.samples())) },
    { name: 'summary', xml: sheetXml(SUMMARY_COLUMNS, summaryRows(report)) },
    { name: 'failures', xml: sheetXml(failureColumns(report), failures(report.results())) },
  ]);
}

/** Columns of `results.csv` that say what was asked and why there is no answer. */
const OF_FAILURES: ReadonlySet<string> = new Set([
  ...['sample_id', 'model', 'repeat', 'status', 'failure_kind', 'failure_message', 'outcome', 'attempts'],
  ...['served_model', 'request_id', 'started_at', 'images', 'audio', 'documents', 'videos', 'prompt'],
]);

function failureColumns(report: RunReport) {
  return resultColumns(report).filter(({ name }) => OF_FAILURES.has(name) || name.startsWith('meta.'));
}

async function* failures(results: AsyncIterable<Result>): AsyncGenerator<Result> {
  for await (const result of results) if (result.status !== 'completed') yield result;
}
