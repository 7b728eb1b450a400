/** `pairs.csv`: one row for each sample and pair of models, those that differ most first. */

import type { PreferenceLine } from '../journal/lines/preference-line.ts';
import type { Column } from '../reporters/column.ts';
import { csvTable } from '../reporters/csv-table.ts';
import { CELL_STATES } from './cell-columns.ts';
import type { DifferentSample } from './comparison.ts';
import { byDifference, differentSample } from './different-samples.ts';
import type { ComparisonPlan, LabelledModel, ModelPair } from './plan-comparison.ts';
import { newestPreferences } from './preferences.ts';

interface PairRow {
  readonly pair: ModelPair;
  readonly sample: DifferentSample;
  readonly sampleA: number;
  readonly sampleB: number;
  /** The newest A/B verdict of a judge; undefined = there is none. */
  readonly preference: PreferenceLine | undefined;
}

/** The whole file, row by row. */
export function pairsCsv(plan: ComparisonPlan): AsyncIterable<string> {
  const hasPreferences = plan.pairs.some((pair) => newestPreferences(plan, pair).size > 0);
  return csvTable(hasPreferences ? [...COLUMNS, ...PREFERENCE_COLUMNS] : COLUMNS, rowsOf(plan));
}

function* rowsOf(plan: ComparisonPlan): Generator<PairRow> {
  const { pairs, common } = plan;
  for (const pair of pairs) {
    const preferences = newestPreferences(plan, pair);
    for (const position of byDifference(pair, common)) {
      const sample = differentSample(pair, common, position);
      const [sampleA, sampleB] = [common.a[position] ?? 0, common.b[position] ?? 0];
      const preference = preferences.get(pair.b.run.samples.keys[sampleB] ?? '');
      yield { pair, sample, sampleA, sampleB, preference };
    }
  }
}

const COLUMNS: readonly Column<PairRow>[] = [
  text('sample_id', 'Id of the sample in the manifest', ({ sample }) => sample.sampleId),
  text('a', 'Model that is compared with', ({ pair }) => pair.a.label),
  text('b', 'Model that is compared', ({ pair }) => pair.b.label),
  number('a_score_all', 'Score of A, 0 where there is no usable answer; mean over repeats', ({ sample }) => sample.a),
  number('b_score_all', 'The same of B', ({ sample }) => sample.b),
  number('difference', 'B less A', ({ sample: { a, b } }) => (a === null || b === null ? null : b - a)),
  text('same_answer', 'Whether the first answers are the same but for case and blanks', ({ sample }) =>
    sample.isSameAnswer === null ? null : String(sample.isSameAnswer),
  ),
  ...sided('state', 'What became of the first repeat', (model, sample) => {
    const state = CELL_STATES[model.model.states[sample * model.model.repeats] ?? 0];
    return state ?? null;
  }),
  ...measured('latency_ms', 'ms', 'Latency', ({ model }) => model.latencyMs),
  ...measured('completion_tokens', undefined, 'Completion tokens', ({ model }) => model.completionTokens),
  ...measured('cost_usd', 'USD', 'Cost', ({ model }) => model.costUsd),
];

/** Only where a judge compared answers. */
const PREFERENCE_COLUMNS: readonly Column<PairRow>[] = [
  text('preferred', 'Which answer the judge preferred: a, b or tie', ({ preference }) => preference?.preferred ?? null),
  text(
    'preferred_reason',
    'Why it is a tie that the judge did not choose, or why there is no verdict',
    (row) => row.preference?.reason ?? null,
  ),
  text('preferred_by', 'Id of the judge', ({ preference }) => preference?.judge ?? null),
];

function text(name: string, description: string, cell: (row: PairRow) => string | null): Column<PairRow> {
  return { name, type: 'string', description, cell };
}

function number(
  name: string,
  description: string,
  cell: (row: PairRow) => number | null,
  unit?: 'ms' | 'USD',
): Column<PairRow> {
  return unit === undefined
    ? { name, type: 'number', description, cell }
    : { name, type: 'number', description, cell, unit };
}

function sided(name: string, description: string, of: (model: LabelledModel, sample: number) => string | null) {
  return [
    text(`a_${name}`, `${description}, A`, ({ pair, sampleA }) => of(pair.a, sampleA)),
    text(`b_${name}`, `${description}, B`, ({ pair, sampleB }) => of(pair.b, sampleB)),
  ];
}

function measured(
  name: string,
  unit: 'ms' | 'USD' | undefined,
  what: string,
  of: (model: LabelledModel) => Float64Array,
) {
  const mean = (model: LabelledModel, sample: number) => meanOfRepeats(of(model), sample, model.model.repeats);
  return [
    number(`a_${name}`, `${what} of A, mean over repeats`, ({ pair, sampleA }) => mean(pair.a, sampleA), unit),
    number(`b_${name}`, `${what} of B, mean over repeats`, ({ pair, sampleB }) => mean(pair.b, sampleB), unit),
  ];
}

/** null = no repeat has one. */
function meanOfRepeats(cells: Float64Array, sample: number, repeats: number): number | null {
  let [total, known] = [0, 0];
  for (let cell = sample * repeats; cell < (sample + 1) * repeats; cell += 1) {
    const value = cells[cell] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    total += value;
    known += 1;
  }
  return known === 0 ? null : total / known;
}
