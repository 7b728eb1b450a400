/** Compares the models of one run, or of two runs, on the samples that both have. */

import { gatherWhole } from '../collections/gather.ts';
import { agreementOf } from './agreement.ts';
import type { ComparedPair, ComparedRun, Comparison, SampleNames } from './comparison.ts';
import { mostDifferent } from './different-samples.ts';
import { frontiersOf } from './frontier/frontier.ts';
import { familyOf, judgeLists, judgeVerdicts, SEED, VERDICT_METRIC } from './judge.ts';
import { type ComparedSamples, compareRates, compareScores, type MetricComparison } from './metric-comparison.ts';
import { modelFigures } from './model-figures.ts';
import { type CommonSamples, sharedClusters } from './pairs.ts';
import type { ComparisonPlan, ModelPair } from './plan-comparison.ts';
import type { RunScores } from './run-scores.ts';
import type { SampleSlice } from './sample-table.ts';
import { type ModelOfRun, settingDifferences } from './setting-differences.ts';
import { stressCurvesOf } from './stress/stress-curves.ts';

/** Samples that are named where there are more. */
const SAMPLES_NAMED = 10;

/** All figures of a plan; `different` is how many samples to name where a pair differs most. */
export function compareRuns(plan: ComparisonPlan, different = SAMPLES_NAMED): Comparison {
  const { runs, common, models, pairs } = plan;
  const [first, second = first] = runs;
  if (first === undefined || second === undefined) throw new RangeError('a comparison needs a run');
  const slices = second.samples.slices();
  const frontiers = frontiersOf(plan);
  const stress = stressCurvesOf(plan);
  const compared = pairs.map((pair) => comparePair(pair, common, slices));
  const { verdicts, family } = judgeVerdicts(
    compared.map(({ pair, verdict }) => ({ a: pair.a.label, b: pair.b.label, compared: verdict })),
  );
  const metrics = judgeLists(compared.map((pair) => pair.metrics));
  const ofSlices = judgeLists(compared.map((pair) => pair.slices));
  return {
    format: 'earsight-comparison',
    formatVersion: 1,
    runs: runs.map(comparedRun),
    samples: comparedSamples(first, second, common),
    models: models.map((model) => ({
      label: model.label,
      model: model.model.info.id,
      run: model.runIndex,
      ...modelFigures(model, model.run === second ? common.b : common.a),
    })),
    pairs: verdicts.flatMap((verdict, index): readonly ComparedPair[] => {
      const pair = pairs[index];
      return pair === undefined
        ? []
        : [
            {
              ...verdict,
              metrics: metrics[index] ?? [],
              slices: (ofSlices[index] ?? []).map((judged, nth) => ({
                slice: compared[index]?.slices[nth]?.slice ?? '',
                ...judged,
              })),
              agreement: agreementOf(pair.a, pair.b, common),
              differences: settingDifferences(pair.a, pair.b, common),
              mostDifferent: mostDifferent(pair, common, different).map(({ sample }) => sample),
            },
          ];
    }),
    notCompared: plan.notCompared,
    ...(frontiers.length === 0 ? {} : { frontiers }),
    ...(stress.length === 0 ? {} : { stress }),
    families: { verdicts: family, metrics: familyOf(metrics.flat()), slices: familyOf(ofSlices.flat()) },
  };
}

function comparedSamples(first: RunScores, second: RunScores, common: CommonSamples): Comparison['samples'] {
  const { clusters, asked } = second.samples;
  const shared = sharedClusters(common.b, clusters);
  const isAsked = asked.get('score');
  const idsOnlyIn = ({ samples }: RunScores, numbers: Uint32Array) =>
    new Set(Array.from(numbers, (number) => samples.ids[number]));
  const [inFirst, inSecond] = [idsOnlyIn(first, common.onlyA), idsOnlyIn(second, common.onlyB)];
  const isInFirst = (number: number) => inFirst.has(second.samples.ids[number]);
  return {
    common: common.b.length,
    onlyFirst: namesOf(
      first,
      common.onlyA.filter((number) => !inSecond.has(first.samples.ids[number])),
    ),
    onlySecond: namesOf(
      second,
      common.onlyB.filter((number) => !isInFirst(number)),
    ),
    changed: namesOf(second, common.onlyB.filter(isInFirst)),
    scored: common.b.filter((number) => isAsked?.[number] === 1).length,
    clusters: shared === undefined ? null : new Set(shared).size,
  };
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
  return {
    a: gatherWhole(common.a, positions),
    b: gatherWhole(common.b, positions),
    onlyA: new Uint32Array(),
    onlyB: new Uint32Array(),
  };
}

function namesOf({ samples }: RunScores, numbers: Uint32Array): SampleNames {
  return {
    count: numbers.length,
    first: Array.from(numbers.subarray(0, SAMPLES_NAMED), (number) => samples.ids[number] ?? ''),
  };
}

function comparedRun({ info, samples, scoreSet, agreements }: RunScores): ComparedRun {
  const { runId, name, createdAt, dataset } = info;
  const facts = { runId, name, createdAt, dataset: dataset.path, samples: samples.count, scoreSet };
  return agreements.length === 0 ? facts : { ...facts, agreements };
}
