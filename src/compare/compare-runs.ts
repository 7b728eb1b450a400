/** Compares the models of one run, or of two runs, on the samples that both have. */

import { InputError } from '../errors.ts';
import type { RunInfo } from '../report.ts';
import { holm } from '../stats/holm.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { agreementOf } from './agreement.ts';
import type { ComparedPair, ComparedRun, Comparison, JudgedMetric, JudgedSlice, SampleNames } from './comparison.ts';
import { mostDifferent } from './different-samples.ts';
import { type ComparedSamples, compareRates, compareScores, type MetricComparison } from './metric-comparison.ts';
import { modelFigures } from './model-figures.ts';
import { type CommonSamples, commonSamples, sharedClusters } from './pairs.ts';
import type { RunScores } from './run-scores.ts';
import type { SampleSlice } from './sample-table.ts';
import { type ModelOfRun, settingDifferences } from './setting-differences.ts';
import { conclude } from './verdict.ts';

/** The metric of verdicts: what a model did not answer counts 0. */
const VERDICT_METRIC = 'score_all';

/** Of the permutation test: the same runs give the same p. */
const SEED = 1;

export interface CompareOptions {
  /** Model that all others are compared with: of the run, or of the first of two; default: the first, or the same model. */
  readonly against?: string | undefined;
  /** Samples to name where a pair differs most. */
  readonly different?: number;
}

/** A model with its name in the comparison. */
export interface LabelledModel extends ModelOfRun {
  readonly label: string;
  /** Index of the run. */
  readonly runIndex: number;
}

/** Two models to be compared. */
export interface ModelPair {
  readonly a: LabelledModel;
  readonly b: LabelledModel;
}

/** What is compared with what. */
export interface ComparisonPlan {
  readonly runs: readonly RunScores[];
  readonly common: CommonSamples;
  readonly models: readonly LabelledModel[];
  readonly pairs: readonly ModelPair[];
  readonly notCompared: readonly string[];
}

const SAMPLES_NAMED = 10;

/** @throws {InputError} when there is nothing to compare, or the model is unknown. */
export function planComparison(first: RunScores, second: RunScores | null, against?: string): ComparisonPlan {
  const runs = second === null ? [first] : [first, second];
  const empty = runs.find(({ samples }) => samples.count === 0);
  if (empty !== undefined)
    throw new InputError({
      file: empty.directory,
      message: 'the run has no results',
      hint: 'complete it with earsight run --resume',
    });
  const plan = second === null ? planOneRun(first, against) : planTwoRuns(first, second, against);
  const common = commonSamples(first.samples, (second ?? first).samples);
  if (common.b.length === 0)
    throw new InputError({
      message: 'the runs have no sample in common',
      hint: 'samples are paired by id, media and target: compare runs of one dataset',
    });
  return { runs, common, ...plan };
}

type Pairing = Pick<ComparisonPlan, 'models' | 'pairs' | 'notCompared'>;

function planOneRun(run: RunScores, against: string | undefined): Pairing {
  const models = run.models.map((model) => ({ run, model, label: model.info.id, runIndex: 0 }));
  const a = against === undefined ? models[0] : modelNamed(models, against, run);
  const others = models.filter((model) => model !== a);
  if (a === undefined || others.length === 0)
    throw new InputError({
      file: run.directory,
      message: 'the run has one model only, and nothing to compare it with',
      hint: 'name a second run: earsight compare RUN RUN',
    });
  return { models, pairs: others.map((b) => ({ a, b })), notCompared: [] };
}

function planTwoRuns(first: RunScores, second: RunScores, against: string | undefined): Pairing {
  const [nameA, nameB] = runNames(first.info, second.info);
  const labelled = (run: RunScores, name: string, runIndex: number) =>
    run.models.map((model) => ({ run, model, label: `${model.info.id} (${name})`, runIndex }));
  const [as, bs] = [labelled(first, nameA, 0), labelled(second, nameB, 1)];
  const named = against === undefined ? undefined : modelNamed(as, against, first);
  const [onlyA, onlyB] = [as.length === 1 ? as[0] : undefined, bs.length === 1 ? bs[0] : undefined];
  const sameId = bs.flatMap((b) => {
    const a = named ?? as.find(({ model }) => model.info.id === b.model.info.id);
    return a === undefined ? [] : [{ a, b }];
  });
  const pairs = sameId.length === 0 && onlyA !== undefined && onlyB !== undefined ? [{ a: onlyA, b: onlyB }] : sameId;
  if (pairs.length === 0)
    throw new InputError({
      message: `no model is in both runs (${idsOf(first)}; ${idsOf(second)})`,
      hint: 'name the model of the first run to compare with: --against ID',
    });
  const models = [...as, ...bs];
  const isCompared = (model: LabelledModel) => pairs.some(({ a, b }) => a === model || b === model);
  return {
    models: models.filter(isCompared),
    pairs,
    notCompared: models.filter((model) => !isCompared(model)).map(({ label }) => label),
  };
}

function modelNamed(models: readonly LabelledModel[], id: string, run: RunScores): LabelledModel {
  const found = models.find(({ model }) => model.info.id === id);
  if (found !== undefined) return found;
  const ids = models.map(({ model }) => model.info.id);
  throw new InputError({ file: run.directory, message: `the run has no model ${quote(id)}`, hint: suggest(id, ids) });
}

function idsOf({ models }: RunScores): string {
  return models.map(({ info }) => quote(info.id)).join(', ');
}

/** Short names that differ: the names of the runs, or their ids. */
function runNames(a: RunInfo, b: RunInfo): readonly [string, string] {
  if (a.name !== b.name) return [a.name, b.name];
  return a.runId === b.runId ? ['A', 'B'] : [a.runId, b.runId];
}

/** All figures of a plan. */
export function compareRuns(
  plan: ComparisonPlan,
  { different = SAMPLES_NAMED }: Pick<CompareOptions, 'different'> = {},
): Comparison {
  const { runs, common, models, pairs } = plan;
  const [first, second = first] = runs;
  if (first === undefined || second === undefined) throw new RangeError('a comparison needs a run');
  const slices = second.samples.slices();
  const compared = pairs.map((pair) => comparePair(pair, common, slices));
  const verdicts = holm(compared.map(({ verdict }) => verdict.p));
  const metrics = adjust(compared.map((pair) => pair.metrics));
  const ofSlices = adjust(compared.map((pair) => pair.slices));
  const tested = (ps: readonly (number | null)[]) => ps.filter((p) => p !== null).length;
  const numbers = second.samples;
  const clusters = sharedClusters(common.b, numbers.clusters);
  return {
    format: 'earsight-comparison',
    formatVersion: 1,
    runs: runs.map(comparedRun),
    samples: {
      common: common.b.length,
      onlyFirst: namesOf(first, common.onlyA),
      onlySecond: namesOf(second, common.onlyB),
      scored: common.b.filter((number) => numbers.asked.get('score')?.[number] === 1).length,
      clusters: clusters === undefined ? null : new Set(clusters).size,
    },
    models: models.map((model) => ({
      label: model.label,
      model: model.model.info.id,
      run: model.runIndex,
      ...modelFigures(model, model.run === second ? common.b : common.a),
    })),
    pairs: compared.map(
      ({ pair, verdict, ...rest }, index): ComparedPair => ({
        a: pair.a.label,
        b: pair.b.label,
        verdict: judge(verdict, verdicts[index] ?? null),
        metrics: rest.metrics.map((metric, nth) => judge(metric, metrics[index]?.[nth] ?? null)),
        slices: rest.slices.map(
          ({ slice, ...metric }, nth): JudgedSlice => ({ slice, ...judge(metric, ofSlices[index]?.[nth] ?? null) }),
        ),
        agreement: agreementOf(pair.a, pair.b, common),
        differences: settingDifferences(pair.a, pair.b, common),
        mostDifferent: mostDifferent(pair, common, different).map(({ sample }) => sample),
      }),
    ),
    notCompared: plan.notCompared,
    families: { verdicts: tested(verdicts), metrics: tested(metrics.flat()), slices: tested(ofSlices.flat()) },
  };
}

/** Adjusts the tests of all lists together; the result has the same lists. */
function adjust(lists: readonly (readonly Pick<MetricComparison, 'p'>[])[]): readonly (readonly (number | null)[])[] {
  const adjusted = holm(lists.flat().map(({ p }) => p));
  let start = 0;
  return lists.map(({ length }) => {
    start += length;
    return adjusted.slice(start - length, start);
  });
}

function judge(compared: MetricComparison, pHolm: number | null): JudgedMetric {
  return { ...compared, pHolm, conclusion: compared.kind === 'pooled' ? null : conclude(compared, pHolm) };
}

interface Compared {
  readonly pair: ModelPair;
  readonly verdict: MetricComparison;
  readonly metrics: readonly MetricComparison[];
  readonly slices: readonly (MetricComparison & { readonly slice: string })[];
}

function comparePair(pair: ModelPair, common: CommonSamples, slices: readonly SampleSlice[]): Compared {
  const { a, b } = pair;
  const samplesOf = (metric: string, on: CommonSamples): ComparedSamples => ({
    common: on,
    clusters: b.run.samples.clusters,
    asked: b.run.samples.asked.get(metric),
    unsupported: { a: a.model.unsupported, b: b.model.unsupported },
    seed: SEED,
  });
  const scores = (metric: string, on: CommonSamples) =>
    compareScores(metric, { a: columnOf(a, metric), b: columnOf(b, metric) }, samplesOf(metric, on));
  const metrics = otherMetrics(a, b).map((metric) => scores(metric, common));
  const rates = [...a.model.rates].flatMap(([metric, ratesA]) => {
    const ratesB = b.model.rates.get(metric);
    if (ratesB === undefined) return [];
    return [compareRates(metric, { a: ratesA, b: ratesB }, samplesOf(metric.replace(/\.raw$/u, ''), common))];
  });
  return {
    pair,
    verdict: scores(VERDICT_METRIC, common),
    metrics: [...metrics, ...rates].sort((x, y) => (x.metric < y.metric ? -1 : 1)),
    slices: slicesOf(common, slices).map(({ name, on }) => ({ slice: name, ...scores(VERDICT_METRIC, on) })),
  };
}

function columnOf({ run, model }: ModelOfRun, metric: string): Float64Array {
  return model.metrics.get(metric) ?? new Float64Array(run.samples.count).fill(Number.NaN);
}

/** Metrics of both models that say something else than the metrics before them. */
function otherMetrics(a: ModelOfRun, b: ModelOfRun): readonly string[] {
  const names = [...a.model.metrics.keys()]
    .filter((name) => name !== VERDICT_METRIC && b.model.metrics.has(name))
    .sort();
  const kept: string[] = [VERDICT_METRIC];
  for (const name of names) {
    const isKnown = kept.some((other) =>
      [a, b].every((model) => areEqual(columnOf(model, name), columnOf(model, other))),
    );
    if (!isKnown) kept.push(name);
  }
  return kept.slice(1);
}

function areEqual(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, index) => Object.is(value, b[index]));
}

/** The common samples of each slice. */
function slicesOf(common: CommonSamples, slices: readonly SampleSlice[]) {
  // 1 more than the position, so that 0 = not a common sample.
  const places = new Uint32Array(common.b.reduce((most, number) => Math.max(most, number), 0) + 1);
  for (const [position, number] of common.b.entries()) places[number] = position + 1;
  return slices.flatMap(({ name, samples }) => {
    const own = samples.map((number) => places[number] ?? 0).filter((place) => place > 0);
    return own.length === 0 ? [] : [{ name, on: pick(common, own.map((place) => place - 1).sort()) }];
  });
}

function pick(common: CommonSamples, positions: Uint32Array): CommonSamples {
  const of = (numbers: Uint32Array) => Uint32Array.from(positions, (position) => numbers[position] ?? 0);
  return { a: of(common.a), b: of(common.b), onlyA: new Uint32Array(), onlyB: new Uint32Array() };
}

function namesOf({ samples }: RunScores, numbers: Uint32Array): SampleNames {
  return {
    count: numbers.length,
    first: Array.from(numbers.subarray(0, SAMPLES_NAMED), (number) => samples.ids[number] ?? ''),
  };
}

function comparedRun({ info, samples }: RunScores): ComparedRun {
  const { runId, name, createdAt, dataset } = info;
  return { runId, name, createdAt, dataset: dataset.path, samples: samples.count };
}
