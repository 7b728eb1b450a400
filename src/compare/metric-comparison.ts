/** Compares two models by one metric on the samples that both have. */

import { sumClusters } from '../stats/clusters.ts';
import { comparePairs, type PairedComparison } from '../stats/compare-pairs.ts';
import { differences, pooledDifferences } from '../stats/differences.ts';
import type { Interval } from '../stats/estimate.ts';
import { kindOfScores, type ScoreKind, type TestMethod } from '../stats/methods.ts';
import { detectableDifference, discordantDeviation } from '../stats/planning/power.ts';
import { standardError } from '../stats/standard-error.ts';
import { sum } from '../stats/sum.ts';
import { NOT_ASKED } from './cell-columns.ts';
import { type ColumnRates, type CommonSamples, pairRates, pairValues } from './pairs.ts';

/** The difference B - A of one metric. Scores are from 0 to 1, higher is better; `score.<name>.raw` has the metric's own unit. */
export interface MetricComparison extends Interval {
  /** As in `summary.csv`. */
  readonly metric: string;
  readonly kind: ScoreKind;
  /** Samples that were scored for both. */
  readonly n: number;
  /** Means, or rates, over these samples; null = nothing to compare. */
  readonly a: number | null;
  readonly b: number | null;
  readonly difference: number | null;
  /** Samples where A is higher; for pass or fail, those that only A passes. */
  readonly higherA: number;
  readonly higherB: number;
  /** Two-sided; null = cannot be tested. */
  readonly p: number | null;
  /** Empty without a test. */
  readonly testMethod: TestMethod | '';
  readonly dropped: DroppedPairs;
  /** The difference that so many samples (or clusters) see with a power of 80 %; null = too few, or all differences are equal. */
  readonly detectable: number | null;
}

/** Common samples without a pair of values. */
export interface DroppedPairs {
  /** Scored for A only, for B only, and for neither although they should be. */
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
  /** Samples whose content one of the models does not support; the cases below leave them out. */
  readonly unsupported: number;
  /** Samples that the run was decided without, left out as well; absent = none. */
  readonly notAsked?: number;
  /** The difference over all common samples if the missing scores were as bad for B as can be; null = nothing to compare. */
  readonly worstCase: number | null;
  /** And as good as can be. */
  readonly bestCase: number | null;
}

/** Columns by sample number, NaN = none. */
export interface MetricColumns {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** The samples to compare on. */
export interface ComparedSamples {
  readonly common: CommonSamples;
  /** Of the second table. */
  readonly clusters: Uint32Array;
  /** Samples of the second table that the metric is asked of; undefined = none. */
  readonly asked: Uint8Array | undefined;
  /** 1 for samples that the model of the first or the second table does not support. */
  readonly unsupported: { readonly a: Uint8Array; readonly b: Uint8Array };
  /** Of random sign vectors. */
  readonly seed: number;
}

/** By scores from 0 to 1. */
export function compareScores(metric: string, columns: MetricColumns, samples: ComparedSamples): MetricComparison {
  const pairs = pairValues(samples.common, columns.a, columns.b, samples.clusters);
  const kind = kindOfScores(pairs.a, pairs.b);
  // The statistics subtract their second list from the first.
  const compared = comparePairs({ kind, a: pairs.b, b: pairs.a, seed: samples.seed, ...clustered(pairs.clusters) });
  const deltas = differences(pairs.b, pairs.a);
  return {
    ...figures(metric, kind, compared),
    a: meanOf(pairs.a),
    b: meanOf(pairs.b),
    dropped: droppedPairs(columns, samples, compared),
    detectable: detectableOf(kind, deltas, pairs.clusters),
  };
}

/** By sums over sums, such as word errors over reference words. */
export function compareRates(
  metric: string,
  columns: { readonly a: ColumnRates; readonly b: ColumnRates },
  samples: ComparedSamples,
): MetricComparison {
  const pairs = pairRates(samples.common, columns.a, columns.b, samples.clusters);
  const compared = comparePairs({
    kind: 'pooled',
    a: pairs.b,
    b: pairs.a,
    seed: samples.seed,
    ...clustered(pairs.clusters),
  });
  const deltas = pooledDifferences(pairs.b, pairs.a);
  const values = { a: columns.a.numerators, b: columns.b.numerators };
  const { worstCase: _, bestCase: __, ...dropped } = droppedPairs(values, samples, compared);
  return {
    ...figures(metric, 'pooled', compared),
    a: rateOf(pairs.a),
    b: rateOf(pairs.b),
    // A rate has no largest value.
    dropped: { ...dropped, worstCase: null, bestCase: null },
    detectable: deltas === null ? null : detectableOf('pooled', deltas, pairs.clusters),
  };
}

function figures(metric: string, kind: ScoreKind, compared: PairedComparison) {
  const { n, difference, ciLow, ciHigh, ciMethod, reason, higherA, higherB, test, testMethod } = compared;
  return {
    ...{ metric, kind, n, difference, ciLow, ciHigh, ciMethod, reason },
    ...{ higherA: higherB, higherB: higherA, p: test?.pTwoSided ?? null, testMethod },
  };
}

function clustered(clusters: Uint32Array | undefined) {
  return clusters === undefined ? {} : { clusters };
}

function meanOf(values: Float64Array): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

function rateOf({ numerators, denominators }: ColumnRates): number | null {
  const denominator = sum(denominators);
  return denominator === 0 ? null : sum(numerators) / denominator;
}

/** Of pass or fail: by the share of samples that differ, because a plan assumes that no model is better. */
function detectableOf(kind: ScoreKind, deltas: Float64Array, clusters: Uint32Array | undefined): number | null {
  if (kind === 'binary' && clusters === undefined) {
    const discordant = deltas.reduce((total, delta) => total + (delta === 0 ? 0 : 1), 0) / deltas.length;
    return discordant > 0 ? detectableDifference(deltas.length, { deviation: discordantDeviation(discordant) }) : null;
  }
  const error = standardError(deltas, clusters ?? null);
  if (error === null || error === 0) return null;
  const units = clusters === undefined ? deltas.length : sumClusters(deltas, clusters).length;
  return detectableDifference(units, { deviation: error * Math.sqrt(units) });
}

function droppedPairs(
  columns: MetricColumns,
  { common, asked, unsupported }: ComparedSamples,
  { n, difference }: PairedComparison,
): DroppedPairs {
  const counts = { onlyA: 0, onlyB: 0, neither: 0, unsupported: 0 };
  let notAsked = 0;
  let [lowest, highest] = [0, 0];
  for (let position = 0; position < common.b.length; position += 1) {
    const sampleA = common.a[position] ?? 0;
    const sampleB = common.b[position] ?? 0;
    const a = columns.a[sampleA] ?? Number.NaN;
    const b = columns.b[sampleB] ?? Number.NaN;
    const isInA = !Number.isNaN(a);
    const isInB = !Number.isNaN(b);
    if (isInA && isInB) continue;
    const state = Math.max(unsupported.a[sampleA] ?? 0, unsupported.b[sampleB] ?? 0);
    if (state === NOT_ASKED) notAsked += 1;
    else if (state === 1) counts.unsupported += 1;
    else if (isInA || isInB || asked?.[sampleB] === 1) {
      counts[isInA ? 'onlyA' : isInB ? 'onlyB' : 'neither'] += 1;
      lowest += (isInB ? b : 0) - (isInA ? a : 1);
      highest += (isInB ? b : 1) - (isInA ? a : 0);
    }
  }
  const all = n + counts.onlyA + counts.onlyB + counts.neither;
  const caseOf = (missing: number) => (difference === null ? null : (n * difference + missing) / all);
  return { ...counts, ...(notAsked === 0 ? {} : { notAsked }), worstCase: caseOf(lowest), bestCase: caseOf(highest) };
}
