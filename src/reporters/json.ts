/** Reporter `json`: the run and its figures as one document. */

import type { Reporter, RunReport } from '../report.ts';

/** What was run and every figure of `summary.csv`; the cells are in the journal. */
export const json: Reporter = {
  description: 'report.json: the run and every figure, for programs',
  files: (report) => [{ name: 'report.json', content: { [Symbol.iterator]: () => document(report) } }],
};

function* document({
  run,
  scorers,
  scoreSets,
  metadataKeys,
  failures,
  warnings,
  summary,
  classes,
  confusions,
  agreements,
  preferences,
}: RunReport): Generator<string> {
  const format = { format: 'earsight-report', formatVersion: 1 };
  const head = JSON.stringify(
    {
      ...format,
      run,
      scorers,
      scoreSets,
      metadataKeys,
      failures,
      warnings,
      classes,
      confusions,
      agreements,
      preferences,
    },
    null,
    2,
  );
  yield `${head.slice(0, -'\n}'.length)},\n  "summary": [`;
  for (const [index, row] of summary.entries()) yield `${index === 0 ? '' : ','}\n    ${JSON.stringify(row)}`;
  yield '\n  ]\n}\n';
}
