/** Reads the measured values of a run, one mean for each sample and model: the common ground of gates and baselines. */

import { hash } from 'node:crypto';
import type { RunReport } from '../report.ts';
import type { Result } from '../result.ts';
import { clusterOf, isWanted, scoreAll } from '../summary/tally.ts';

/** A sum over the repeats that have a value, and how many have one. */
export interface Measure {
  readonly total: number;
  readonly count: number;
}

/** Values of one sample and model by figure: `score_all`, `score.<name>`, `latency_ms`, `cost_usd`, `<kind>_tokens`. */
export interface ModelMeasures {
  readonly values: ReadonlyMap<string, Measure>;
  /** Answers of the completed repeats. */
  readonly answers: readonly string[];
}

export interface SampleMeasures {
  readonly id: string;
  /** `sampleKey`: pairs samples between runs. */
  readonly key: string;
  /** Hash of the prompt as the manifest has it. */
  readonly prompt: string;
  /** Samples of one cluster are not independent; null = on its own. */
  readonly cluster: string | null;
  /** Names of the scorers that apply to the sample, sorted. */
  readonly scorers: readonly string[];
  /** Line in the manifest; null = recorded by a version that did not store it. */
  readonly line: number | null;
  readonly models: ReadonlyMap<string, ModelMeasures>;
}

/** How many answers of a model are missing. An answer that was filtered is an outcome, not missing. */
export interface ModelCells {
  /** Cells that the model supports, also those without any result, but not those that `skipBroken` left out. */
  readonly cells: number;
  readonly missing: number;
  /** Missing cells by failure kind; those without a result are `not asked`. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Model names in the answers, sorted; at most 10. */
  readonly served: readonly string[];
}

export interface RunMeasures {
  /** By sample id, in manifest order. */
  readonly samples: ReadonlyMap<string, SampleMeasures>;
  /** By model id, in configuration order. */
  readonly models: ReadonlyMap<string, ModelCells>;
}

const MAX_SERVED = 10;
const NOT_ASKED = 'not asked';

/** Reads all results once. `withAnswers` keeps the answers, which may need much memory. */
export async function measureRun(
  { run, samples: read }: Pick<RunReport, 'run' | 'samples'>,
  withAnswers = false,
): Promise<RunMeasures> {
  const samples = new Map<string, SampleMeasures>();
  const counters = new Map(run.models.map(({ id }) => [id, createCounter(run.dataset.samples * run.repeat)]));
  for await (const results of read()) {
    const [first] = results;
    if (first === undefined) continue;
    for (const result of results) counters.get(result.modelId)?.add(result);
    if (results.every(isLeftOut)) continue;
    const models = new Map<string, ModelMeasures>();
    for (const [id] of counters) {
      const own = results.filter(({ modelId }) => modelId === id);
      if (own.length > 0) models.set(id, measuresOf(own, withAnswers));
    }
    samples.set(first.sampleId, { ...factsOf(first, results), models });
  }
  return { samples, models: new Map([...counters].map(([id, counter]) => [id, counter.finish()])) };
}

/** True for a cell whose media are broken, which `skipBroken` left out of every model. */
function isLeftOut(result: Result): boolean {
  return result.status === 'skipped' && result.failure.kind === 'media';
}

/** Hash of a text, long enough to notice a change. */
function promptHash(text: string): string {
  return hash('sha256', text).slice(0, 16);
}

function factsOf(first: Result, results: readonly Result[]): Omit<SampleMeasures, 'models'> {
  return {
    id: first.sampleId,
    key: first.sampleKey,
    prompt: promptHash(first.sample.prompt),
    cluster: clusterOf(first),
    scorers: [...new Set(results.flatMap(({ scorers }) => scorers))].sort(),
    line: first.sampleLine ?? null,
  };
}

function measuresOf(results: readonly Result[], withAnswers: boolean): ModelMeasures {
  const values = new Map<string, Measure>();
  const add = (figure: string, value: number | null | undefined) => {
    if (value === null || value === undefined) return;
    const { total, count } = values.get(figure) ?? { total: 0, count: 0 };
    values.set(figure, { total: total + value, count: count + 1 });
  };
  for (const result of results) {
    add('score_all', scoreAll(result));
    for (const name of result.scorers) add(`score.${name}`, scorerValue(result, name));
    add('latency_ms', result.timing.latencyMs);
    add('cost_usd', result.costUsd);
    add('prompt_tokens', result.usage?.promptTokens);
    add('completion_tokens', result.usage?.completionTokens);
  }
  const answers = withAnswers ? results.flatMap((one) => (one.status === 'completed' ? [one.answer] : [])) : [];
  return { values, answers };
}

/** As `scoreAll`, for one scorer: 0 for an answer that was refused, filtered, truncated or could not be parsed. */
function scorerValue(result: Result, name: string): number | null {
  if (result.outcome === null) return null;
  if (result.outcome !== 'answered') return 0;
  return result.scores.find(({ scorer }) => scorer === name)?.value ?? null;
}

function createCounter(expected: number) {
  const kinds = new Map<string, number>();
  const served = new Set<string>();
  let [seen, notCounted, missing] = [0, 0, 0];
  return {
    add(result: Result) {
      seen += 1;
      if (result.servedModel !== null && served.size < MAX_SERVED) served.add(result.servedModel);
      if (!isWanted(result) || isLeftOut(result)) notCounted += 1;
      else if (result.status !== 'completed' && result.outcome === null) {
        missing += 1;
        kinds.set(result.failure.kind, (kinds.get(result.failure.kind) ?? 0) + 1);
      }
    },
    finish(): ModelCells {
      const notAsked = Math.max(0, expected - seen);
      if (notAsked > 0) kinds.set(NOT_ASKED, notAsked);
      return { cells: expected - notCounted, missing: missing + notAsked, kinds, served: [...served].sort() };
    },
  };
}
