/** Computes the rows of `summary.csv`: one per model, slice and metric. */

import { HashSet64 } from '../collections/hash-set-64.ts';
import type { MediumKind } from '../modalities.ts';
import { mediaOfCard } from '../modalities.ts';
import type { ClassReport, FailureReason, HumanAgreement, SummaryRow, WordConfusion } from '../report.ts';
import { isConversation } from '../reporters/turns-of.ts';
import type { Result } from '../result.ts';
import { corpusFigure } from '../scorers/registry.ts';
import type { Figure } from '../scorers/scorer.ts';
import { type Estimate, withoutInterval } from '../stats/estimate.ts';
import type { ScoreMean } from '../stats/mean.ts';
import { estimatePercentile } from '../stats/percentile.ts';
import type { RatioSums } from '../stats/ratio.ts';
import { sum } from '../stats/sum.ts';
import type { ScorerConfig } from '../types.ts';
import { createClasses } from './classes.ts';
import { createConfusions } from './confusions.ts';
import { COMPARED_PARTS } from './estimate-errors.ts';
import { createFailureReasons } from './failure-reasons.ts';
import { agreementRows, createHumanAgreements } from './human-agreement.ts';
import { createJudgeAgreements } from './judge-agreement.ts';
import { isUnscored } from './score-sets.ts';
import { ALL, createSlices } from './slices.ts';
import { clusterOf, createTally, MICRO, PICO, type Tally, type Total, tallySample } from './tally.ts';

const PERCENTILES = [50, 90, 95, 99] as const;
const STATUSES = ['completed', 'failed', 'skipped'] as const;
const OUTCOMES = ['unscored', 'truncated', 'refused', 'filtered', 'unparsed'] as const;

export interface Summary {
  /** All results of one sample. */
  add(sample: readonly Result[]): void;
  rows(): readonly SummaryRow[];
  failures(): readonly FailureReason[];
  counts(): { readonly completed: number; readonly failed: number; readonly skipped: number };
  scorers(): readonly string[];
  /** Of one set of scores, sorted. */
  scorersOf(set: string): readonly string[];
  /** Answers that have no scores in the set in use, but in another one. */
  unscored(): number;
  metadataKeys(): readonly string[];
  /** By scorer. */
  units(): ReadonlyMap<string, string>;
  confusions(): readonly WordConfusion[];
  classes(): readonly ClassReport[];
  agreements(): readonly HumanAgreement[];
  hasTurns(): boolean;
  /** Kinds of media that samples have. */
  mediaKinds(): readonly MediumKind[];
}

/** The corpus figure of a scorer by its name and the unit of its scores; null = it has none. */
export type Pool = (name: string, unit: string, counts: Readonly<Record<string, number>>) => Figure | null;

/** `modelIds` in configuration order; by default, corpus figures and grades are those of default options. */
export function createSummary(
  modelIds: readonly string[],
  pool: Pool = (_, unit, counts) => corpusFigure(unit, counts),
  scorers: readonly ScorerConfig[] = [],
): Summary {
  const confusions = createConfusions(modelIds);
  const classes = createClasses(modelIds);
  const agreements = createHumanAgreements(modelIds);
  const judges = createJudgeAgreements(modelIds);
  const slices = createSlices();
  const reasons = createFailureReasons(modelIds);
  const setScorers = new Map<string, Set<string>>();
  /** By slice, then model. */
  const tallies = new Map<string, Map<string, Tally>>([[ALL, new Map()]]);
  const clusters = new Map<string, HashSet64>();
  let hasTurns = false;
  let unscored = 0;

  const tallyOf = (slice: string, model: string): Tally => {
    const bySlice = tallies.get(slice) ?? new Map<string, Tally>();
    tallies.set(slice, bySlice);
    const tally = bySlice.get(model) ?? createTally();
    bySlice.set(model, tally);
    return tally;
  };
  /** The number of a cluster among those of a slice: all models and figures of the slice count them alike. */
  const numberOf = (slice: string, cluster: string | null): number | null => {
    if (cluster === null) return null;
    const known = clusters.get(slice) ?? new HashSet64();
    clusters.set(slice, known);
    return known.add(cluster, known.size) ?? known.size - 1;
  };
  const mediaKinds = new Set<MediumKind>();
  const whole = () => [...(tallies.get(ALL)?.values() ?? [])];

  return {
    add(sample) {
      const [first] = sample;
      if (first === undefined) return;
      hasTurns ||= sample.some(isConversation);
      for (const { kind } of mediaOfCard(first.sample)) mediaKinds.add(kind);
      for (const result of sample) {
        reasons.add(result);
        confusions.add(result);
        classes.add(result);
        if (isUnscored(result)) unscored += 1;
        agreements.add(result);
        judges.add(result);
        for (const { set, scorers } of result.scoreSets ?? []) addNames(setScorers, set, scorers);
      }
      const cluster = clusterOf(first);
      const own = slices.of(first.sample).map((slice) => ({ slice, cluster: numberOf(slice, cluster) }));
      for (const model of modelIds) {
        const repeats = sample.filter(({ modelId }) => modelId === model);
        if (repeats.length > 0)
          for (const { slice, cluster } of own) tallySample(tallyOf(slice, model), repeats, cluster);
      }
    },
    rows() {
      const kept = [...tallies.keys()].filter((slice) => slices.isKept(slice));
      const ordered = [ALL, ...kept.filter((slice) => slice !== ALL).sort()];
      return modelIds
        .flatMap((model) =>
          ordered.flatMap((slice) => {
            const tally = tallies.get(slice)?.get(model);
            return tally === undefined ? [] : rowsOf(model, slice, tally, pool);
          }),
        )
        .concat(classes.list().flatMap(classRows), agreements.list(scorers).flatMap(agreementRows), judges.rows());
    },
    failures: reasons.list,
    counts() {
      const total = (status: string) => sum(whole().map((tally) => tally.counts.get(status) ?? 0));
      return { completed: total('completed'), failed: total('failed'), skipped: total('skipped') };
    },
    scorersOf: (set) => [...(setScorers.get(set) ?? [])].sort(),
    scorers: () => [...new Set(whole().flatMap((tally) => [...tally.byScorer.keys()]))].sort(),
    metadataKeys: slices.metadataKeys,
    units: () =>
      new Map(whole().flatMap(({ byScorer }) => [...byScorer].map(([name, { unit }]) => [name, unit] as const))),
    confusions: confusions.list,
    classes: classes.list,
    unscored: () => unscored,
    agreements: () => agreements.list(scorers),
    hasTurns: () => hasTurns,
    mediaKinds: () => [...mediaKinds],
  };
}

function addNames(names: Map<string, Set<string>>, set: string, scorers: readonly string[]): void {
  const known = names.get(set) ?? new Set();
  names.set(set, known);
  for (const name of scorers) known.add(name);
}

function pooledRow(pooled: Figure | null, row: (raw: number) => SummaryRow): readonly SummaryRow[] {
  return pooled === null ? [] : [row(pooled.raw)];
}

/** Labels with rows of their own; a run with more has only the mean. */
const MAX_CLASS_ROWS = 50;

/** The figures of labels, over the whole dataset. */
function classRows({ model, scorer, classes, macroF1 }: ClassReport): readonly SummaryRow[] {
  const none = { ciLow: null, ciHigh: null, ciMethod: '', missing: 0 };
  const row = (metric: string, value: number | null, n: number): SummaryRow => ({
    model,
    slice: ALL,
    metric,
    n,
    value,
    ...none,
  });
  const cells = sum(classes.map(({ targets }) => targets));
  const own = classes.length > MAX_CLASS_ROWS ? [] : classes;
  return [
    row(`f1_macro.${scorer}`, macroF1, cells),
    ...own.flatMap(({ label, precision, recall, f1, targets, answers }) => [
      row(`precision.${scorer}.${label}`, precision, answers),
      row(`recall.${scorer}.${label}`, recall, targets),
      row(`f1.${scorer}.${label}`, f1, targets),
    ]),
  ];
}

function rowsOf(model: string, slice: string, tally: Tally, pool: Pool): SummaryRow[] {
  const count = (name: string) => tally.counts.get(name) ?? 0;
  const supported = tally.supportedCells;
  const row = (metric: string, estimate: Estimate, missing: number): SummaryRow => ({
    model,
    slice,
    metric,
    ...figureOf(estimate),
    missing,
  });
  const figure = (metric: string, value: number | null, n: number, missing: number) =>
    row(metric, withoutInterval(n, value), missing);
  const scored = (metric: string, mean: ScoreMean, samples: number) => {
    const estimate = mean.estimate();
    return row(metric, estimate, samples - estimate.n);
  };
  const sums = (
    name: string,
    { mean, cells, units }: Total,
    unitsPerOne: number,
    parts: readonly ('mean' | 'total')[],
  ) =>
    parts.map((part) => {
      const estimate = part === 'mean' ? mean.estimate() : withoutInterval(cells, totalOf(cells, units, unitsPerOne));
      return row(`${name}_${part}`, { ...estimate, n: cells }, supported - cells);
    });
  const latencies = tally.latencyMs.sorted();
  const rows = [
    scored('score', tally.score, tally.supportedSamples),
    scored('score_all', tally.scoreAll, tally.supportedSamples),
    ...clusterRow(tally.score, figure),
    ...[...tally.byScorer]
      .sort()
      .flatMap(([name, { mean, pooled, samples, sums: counts, unit }]) => [
        scored(`score.${name}`, mean, samples),
        ...pooledRow(counts.size === 0 ? null : pool(name, unit, Object.fromEntries(counts)), (raw) =>
          figure(`score.${name}.raw`, raw, mean.n(), samples - mean.n()),
        ),
        ...(pooled.n() === 0 ? [] : [row(`score.${name}.raw`, notBelowZero(pooled.estimate()), samples - mean.n())]),
      ]),
    ...PERCENTILES.map((percent) =>
      row(`latency_ms_p${percent}`, estimatePercentile(latencies, percent / 100), supported - latencies.length),
    ),
    // Only where there is sound: most runs have none.
    ...(tally.audioSeconds.cells === 0
      ? []
      : [
          row('rtfx', { ...tally.rtfx.estimate(), n: tally.rtfxCells }, supported - tally.rtfxCells),
          ...sums('audio_seconds', tally.audioSeconds, MICRO, ['total']),
        ]),
    ...sums('prompt_tokens', tally.promptTokens, 1, ['mean', 'total']),
    ...sums('completion_tokens', tally.completionTokens, 1, ['mean', 'total']),
    ...sums('total_tokens', tally.totalTokens, 1, ['total']),
    ...sums('cost_usd', tally.costUsd, PICO, ['mean', 'total']),
  ];
  const kinds = [...tally.counts.keys()].filter((name) => name.includes('.')).sort();
  const { judged, judgeUsd } = tally;
  const judges =
    judged === 0
      ? []
      : [
          figure(
            'judge_cost_usd_total',
            totalOf(judgeUsd.cells, judgeUsd.units, PICO),
            judgeUsd.cells,
            judged - judgeUsd.cells,
          ),
        ];
  const counted = [...STATUSES, ...OUTCOMES, ...kinds].map((name) => figure(name, count(name), tally.cells, 0));
  // A slice without any results of a model gets no empty rows.
  const errors = slice === ALL ? errorRows(model, tally) : [];
  return [...rows.filter(({ n }) => n > 0 || slice === ALL), ...judges, ...errors, ...counted];
}

/** How many observations the samples count as, where they are not independent. */
function clusterRow(
  { n, independent }: ScoreMean,
  figure: (metric: string, value: number, n: number, missing: number) => SummaryRow,
): readonly SummaryRow[] {
  return independent() === n() ? [] : [figure('score_clusters', independent(), n(), 0)];
}

/** Errors of the estimate that was made before the run. Only the bias, which has a sign, gets an interval. */
function errorRows(model: string, { estimateErrors }: Tally): SummaryRow[] {
  return COMPARED_PARTS.flatMap((part) => {
    const sums = estimateErrors.get(part);
    if (sums === undefined || sums.cells === 0) return [];
    const { bias, mae, relative, cells, missing } = sums;
    const plain = (sum: RatioSums) => withoutInterval(cells, sum.estimate().value);
    const row = (name: string, estimate: Estimate): SummaryRow => ({
      model,
      slice: ALL,
      metric: `estimate_${part}_tokens_${name}`,
      ...figureOf(estimate),
      n: cells,
      missing,
    });
    return [row('bias', bias.estimate()), row('mae', plain(mae)), row('relative_error', plain(relative))];
  });
}

/** The members of an estimate that a row has. */
function figureOf({ n, value, ciLow, ciHigh, ciMethod }: Estimate) {
  return { n, value, ciLow, ciHigh, ciMethod };
}

/** Cuts the interval at 0: an error rate cannot be negative. */
function notBelowZero(estimate: Estimate): Estimate {
  return { ...estimate, ciLow: estimate.ciLow === null ? null : Math.max(0, estimate.ciLow) };
}

/** null without measurements: not reported is not 0. */
function totalOf(n: number, units: bigint, unitsPerOne: number): number | null {
  return n === 0 ? null : Number(units) / unitsPerOne;
}
