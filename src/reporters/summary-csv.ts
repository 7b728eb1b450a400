/** `summary.csv`: one row for each model, slice and metric. */

import type { RunReport, SummaryRow } from '../report.ts';
import { type Column, writeMs, writeUsd } from './column.ts';
import { setSuffix } from './score-columns.ts';

/** The columns in their fixed order. */
export const SUMMARY_COLUMNS: readonly Column<SummaryRow>[] = [
  text('model', 'Id of the model in the configuration, with its variant', ({ model }) => model),
  text('slice', 'all, meta.<key>=<value> or tag=<tag>', ({ slice }) => slice),
  text('metric', 'What the figure is', ({ metric }) => metric),
  { name: 'n', type: 'integer', description: 'Cells, or samples for scores, behind the figure', cell: ({ n }) => n },
  figure('value', 'The figure, in the unit its metric names', (row) => row.value),
  figure('ci_low', 'Lower end of its 95 % interval', (row) => row.ciLow),
  figure('ci_high', 'Upper end of its 95 % interval', (row) => row.ciHigh),
  text('ci_method', 'How the interval was made; empty without one', ({ ciMethod }) => ciMethod),
  { name: 'missing', type: 'integer', description: 'Cells without this measurement', cell: ({ missing }) => missing },
];

/** The rows, with the set of scores in the names of its metrics when it is not the run's own: `score@rescore-1`. */
export function summaryRows(report: Pick<RunReport, 'summary' | 'scoreSets'>): readonly SummaryRow[] {
  const suffix = setSuffix(report);
  if (suffix === '') return report.summary;
  const ofScores =
    /^(?:score(?:_all|_clusters|\..+)?|(?:f1_macro|f1|precision|recall|agreement|kappa|judges_agree|judges_alpha)\..+|unscored|unparsed)$/u;
  return report.summary.map((row) => (ofScores.test(row.metric) ? { ...row, metric: `${row.metric}${suffix}` } : row));
}

function text(name: string, description: string, cell: (row: SummaryRow) => string): Column<SummaryRow> {
  return { name, type: 'string', description, cell };
}

/** The unit depends on the row, so it comes from the name of the metric. */
function figure(name: string, description: string, value: (row: SummaryRow) => number | null): Column<SummaryRow> {
  return {
    name,
    type: 'number',
    description,
    cell(row) {
      const plain = value(row);
      if (plain === null || !Number.isFinite(plain)) return null;
      if (row.metric.startsWith('latency_ms')) return writeMs(plain);
      return row.metric.startsWith('cost_usd') ? writeUsd(plain) : plain;
    },
  };
}
