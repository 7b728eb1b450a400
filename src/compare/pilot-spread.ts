/** Measures in a pilot run how much the scores of two models vary over samples and over repeats. */

import { gather } from '../collections/gather.ts';
import type { Spread } from '../estimate/detect/spread.ts';
import { differences } from '../stats/differences.ts';
import { standardError } from '../stats/standard-error.ts';
import { sum } from '../stats/sum.ts';
import { varianceInterval } from '../stats/variance-interval.ts';
import { wilsonInterval } from '../stats/wilson.ts';
import { VERDICT_METRIC } from './judge.ts';
import { pairValues } from './pairs.ts';
import type { ComparisonPlan, ModelPair } from './plan-comparison.ts';

/** Fewer samples give no figure that is worth a plan. */
export const LEAST_PILOT = 10;

/** What a pilot says of a pair; `spread` is null when fewer than `LEAST_PILOT` samples have a pair, or the models never differ. */
export interface PilotSpread {
  readonly pairs: number;
  readonly spread: Spread | null;
}

/**
 * Repeats of a sample are independent: the variance of a difference of means over R repeats is that between samples plus 1/R of
 * that from repeat to repeat (Miller 2024, arXiv 2411.00640, section 3.2), which the spread within samples estimates.
 */
export function pilotSpread({ a, b }: ModelPair, { runs, common }: ComparisonPlan): PilotSpread {
  const none = new Float64Array(a.run.samples.count).fill(Number.NaN);
  const [inA, inB] = [a, b].map(({ model }) => model.metrics.get(VERDICT_METRIC) ?? none);
  const clusters = (runs.at(-1) ?? a.run).samples.clusters;
  const pairs = pairValues(common, inA ?? none, inB ?? none, clusters);
  const n = pairs.a.length;
  const deltas = differences(pairs.b, pairs.a);
  if (n < LEAST_PILOT || deltas.every((delta) => delta === 0)) return { pairs: n, spread: null };
  const numbers = pairs.positions.map((position) => common.b[position] ?? 0);
  const within = [a, b].map(({ model }) => withinVariances(model, numbers));
  const [withinA = null, withinB = null] = within;
  const noise = (of: Within | null) => (of === null ? 0 : of.once);
  const isRepeated = withinA !== null && withinB !== null;
  const repeating = isRepeated ? withinA.once + withinB.once : null;
  const atRepeats = (of: Within | null) => (of === null ? 0 : of.ofMean);
  const design = clusterEffect(deltas, pairs.clusters);
  const ofMeans = variance(deltas);
  const once = Math.max(0, ofMeans - atRepeats(withinA) - atRepeats(withinB)) + (repeating ?? 0);
  const singleOf = (values: Float64Array, of: Within | null) =>
    Math.max(0, variance(values) - atRepeats(of)) + noise(of);
  const isBinary = [a, b].every(({ model }) => isPassFail(model.squares, model.metrics.get(VERDICT_METRIC), numbers));
  const discordant = isBinary && pairs.clusters === undefined ? discordantShare(pairs.a, pairs.b) : null;
  return {
    pairs: n,
    spread: {
      discordant,
      paired: once * design,
      repeating: repeating === null ? null : repeating * design,
      single: [singleOf(pairs.a, withinA), singleOf(pairs.b, withinB)],
      singleRepeating: isRepeated ? [withinA.once, withinB.once] : null,
      bounds: boundsOf(discordant, isRepeated, deltas),
    },
  };
}

/** The mean over samples of the variance from repeat to repeat. */
interface Within {
  readonly once: number;
  /** Of the mean over the repeats that the pilot has. */
  readonly ofMean: number;
}

/** null = every sample was asked once. */
function withinVariances(
  { squares, metrics, points, repeats }: ModelPair['a']['model'],
  numbers: Uint32Array,
): Within | null {
  const means = metrics.get(VERDICT_METRIC);
  if (repeats === 1 || means === undefined) return null;
  let [once, ofMean, known] = [0, 0, 0];
  for (const number of numbers) {
    const mean = means[number] ?? Number.NaN;
    // Without points every repeat scored 0, however many there are.
    const count = mean > 0 ? Math.round((points[number] ?? 0) / mean) : repeats;
    if (Number.isNaN(mean) || count < 2) continue;
    const within = (Math.max(0, (squares[number] ?? 0) - mean * mean) * count) / (count - 1);
    once += within;
    ofMean += within / count;
    known += 1;
  }
  return known === 0 ? null : { once: once / known, ofMean: ofMean / known };
}

/** Whether every single score is 0 or 1: then its square is itself. */
function isPassFail(squares: Float64Array, means: Float64Array | undefined, numbers: Uint32Array): boolean {
  if (means === undefined) return false;
  const own = gather(squares, numbers);
  return gather(means, numbers).every((mean, index) => Math.abs(mean - (own[index] ?? 0)) < 1e-9);
}

/** Chance that one answer of each model differs in pass or fail. */
function discordantShare(a: Float64Array, b: Float64Array): number {
  const chances = a.map((rate, index) => {
    const other = b[index] ?? 0;
    return rate * (1 - other) + other * (1 - rate);
  });
  return sum(chances) / chances.length;
}

/** How much more the mean varies because samples share groups. */
function clusterEffect(deltas: Float64Array, clusters: Uint32Array | undefined): number {
  if (clusters === undefined) return 1;
  const [grouped, plain] = [standardError(deltas, clusters), standardError(deltas)];
  return grouped === null || plain === null || plain === 0 ? 1 : (grouped / plain) ** 2;
}

function boundsOf(discordant: number | null, isRepeated: boolean, deltas: Float64Array): Spread['bounds'] {
  if (discordant !== null && !isRepeated) {
    const interval = wilsonInterval(Math.round(discordant * deltas.length), deltas.length);
    return interval === null || discordant === 0 ? null : [interval[0] / discordant, interval[1] / discordant];
  }
  const interval = varianceInterval(deltas);
  return interval === null ? null : [interval[0] / variance(deltas), interval[1] / variance(deltas)];
}

function variance(values: Float64Array): number {
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1);
}
