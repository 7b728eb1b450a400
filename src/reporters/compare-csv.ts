/** `compare.csv`: the wide table for people, one row for each sample, the same columns for each model. */

import { defined } from '../collections/defined.ts';
import type { RunReport } from '../report.ts';
import type { Result } from '../result.ts';
import { type Column, writeList, writeTargets } from './column.ts';
import { metadataColumn, otherMedia } from './results-csv.ts';
import { setSuffix } from './score-columns.ts';

/** All results of one sample. */
export interface Comparison {
  readonly first: Result;
  readonly byModel: ReadonlyMap<string, readonly Result[]>;
}

/** The rows in manifest order. */
export async function* comparisons(samples: AsyncIterable<readonly Result[]>): AsyncGenerator<Comparison> {
  for await (const results of samples) {
    const [first] = results;
    if (first !== undefined) yield { first, byModel: byModelId(results) };
  }
}

function byModelId(results: readonly Result[]): ReadonlyMap<string, readonly Result[]> {
  const byModel = new Map<string, Result[]>();
  for (const result of results) {
    const own = byModel.get(result.modelId);
    if (own === undefined) byModel.set(result.modelId, [result]);
    else own.push(result);
  }
  return byModel;
}

/** The columns of the sample, then seven for each model in configuration order. */
export function compareColumns(
  report: Pick<RunReport, 'run' | 'scoreSets' | 'metadataKeys' | 'mediaKinds'>,
): readonly Column<Comparison>[] {
  const sample = (name: string, description: string, cell: (result: Result) => string | null): Column<Comparison> => ({
    name,
    type: 'string',
    description,
    cell: ({ first }) => cell(first),
  });
  return [
    sample('sample_id', 'Id of the sample in the manifest', ({ sampleId }) => sampleId),
    sample('prompt', 'Text of the message to be answered', (result) => result.sample.prompt),
    sample('images', 'Paths or URLs of the manifest, separated by |', (result) => writeList(result.sample.images)),
    sample('audio', 'The same for clips', (result) => writeList(result.sample.audio)),
    ...otherMedia(report).map(({ name, description }) =>
      sample(name, description, (result) => writeList(result.sample[name] ?? [])),
    ),
    sample('target', 'Acceptable answer; several as a JSON list', (result) => writeTargets(result.sample.target)),
    ...report.metadataKeys.map((key) => metadataColumn<Comparison>(key, ({ first }) => first)),
    ...report.run.models.flatMap(({ id }) => modelColumns(id, setSuffix(report))),
  ];
}

function modelColumns(model: string, set: string): readonly Column<Comparison>[] {
  const of = ({ byModel }: Comparison) => byModel.get(model) ?? [];
  const text = (name: string, description: string, cell: (results: readonly Result[]) => string | null) => ({
    name: `${model}.${name}`,
    type: 'string' as const,
    description,
    cell: (row: Comparison) => cell(of(row)),
  });
  const mean = (name: string, description: string, figure: (result: Result) => number | null, unit?: 'ms' | 'USD') =>
    defined({
      name: `${model}.${name}`,
      type: 'number' as const,
      description: `${description}, mean over repeats`,
      unit,
      cell: (row: Comparison) => meanOf(of(row).map(figure)),
    });
  return [
    text('answer', 'The first completed answer', firstAnswer),
    mean(`score${set}`, 'Score, 0 to 1, higher is better', ({ score }) => score),
    mean('latency_ms', 'Successful attempt, from sending to the last byte', ({ timing }) => timing.latencyMs, 'ms'),
    mean('prompt_tokens', 'Prompt tokens as billed', ({ usage }) => usage?.promptTokens ?? null),
    mean('completion_tokens', 'Completion tokens as billed', ({ usage }) => usage?.completionTokens ?? null),
    mean('cost_usd', 'Price of the tokens; empty when unpriced', ({ costUsd }) => costUsd, 'USD'),
    text('failure_kind', 'Why repeats have no answer, each kind once, separated by |', failureKinds),
  ];
}

function firstAnswer(results: readonly Result[]): string | null {
  return results.find((result) => result.status === 'completed')?.answer ?? null;
}

function failureKinds(results: readonly Result[]): string | null {
  const kinds = results.flatMap((result) => (result.status === 'completed' ? [] : [result.failure.kind]));
  return writeList([...new Set(kinds)]);
}

/** The mean of the measured figures; null when there are none. */
function meanOf(figures: readonly (number | null)[]): number | null {
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : known.reduce((sum, figure) => sum + figure, 0) / known.length;
}
