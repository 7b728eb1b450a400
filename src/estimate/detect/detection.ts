/** What it takes to see a difference between models: samples, repeats, calls, cost and time. */

import { independentSamplesNeeded } from '../../stats/planning/independent-power.ts';
import { mcnemarDetectable, mcnemarPower, mcnemarSamples } from '../../stats/planning/mcnemar-power.ts';
import { detectableDifference, pairedTPower, wholeSamplesNeeded } from '../../stats/planning/power.ts';
import { sumUsd } from '../../tokens/money.ts';
import type { ModelEstimate, RunEstimate, Usd } from '../estimate-document.ts';
import type { Assumptions } from './assumptions.ts';
import { pairedVariance, type Spread, singleVariances } from './spread.ts';

/** What is to be seen, and how surely. */
export interface DetectionGoal {
  /** From 0 to 1. */
  readonly difference: number;
  readonly power: number;
  /** Of all pairs together. */
  readonly alpha: number;
}

/** Where the spread of the scores comes from. */
export type SpreadSource =
  | {
      readonly pilot: string;
      readonly samples: number;
      readonly repeats: number;
      readonly minutesPerCall: number | null;
    }
  | { readonly assumed: Assumptions };

export interface PairSpread {
  /** Ids of models. */
  readonly a: string;
  readonly b: string;
  readonly spread: Spread;
}

/** Samples with what they cost. */
export interface Need {
  /** Of each model. */
  readonly samples: number;
  /** If the spread is as small, and as large, as the pilot allows; null = not known. */
  readonly samplesLow: number | null;
  readonly samplesHigh: number | null;
  /** Of both models. */
  readonly calls: number;
  readonly costUsd: Usd;
  /** Of the slower model; null = not known. */
  readonly minutes: number | null;
}

export interface DetectionRow {
  readonly repeats: number;
  /** Both models on the same samples. */
  readonly paired: Need;
  /** Each model on samples of its own; null = not known. */
  readonly unpaired: Need | null;
  readonly method: 'mcnemar' | 'paired-t';
}

export interface PairDetection {
  readonly a: string;
  readonly b: string;
  /** Share of the samples that only one model passes; null = grades. */
  readonly discordant: number | null;
  /** Standard deviation of the differences, each sample asked once. */
  readonly deviation: number;
  readonly rows: readonly DetectionRow[];
  /** What the samples of the manifest see with the repeats of the configuration, from 0 to 1; null = nothing, or not known. */
  readonly visible: number | null;
  /** Repeats with which the samples of the manifest see the difference; null = not even `MOST_REPEATS` do, or not known. */
  readonly repeatsOfManifest: number | null;
}

/** The answer to `estimate --detect`. */
export interface Detection extends DetectionGoal {
  readonly metric: 'score_all';
  /** Of each pair: `alpha` over their number. */
  readonly alphaOfPair: number;
  readonly source: SpreadSource;
  /** Samples and repeats of the manifest and the configuration. */
  readonly samples: number;
  readonly repeat: number;
  readonly pairs: readonly PairDetection[];
}

/** Repeats that are shown when their effect is known. */
const REPEATS = [1, 2, 3, 5] as const;
/** More of them cost more than they tell. */
export const MOST_REPEATS = 20;

/** `estimate` has the cost of the models; every pair's models are in it. */
export function detect(
  goal: DetectionGoal,
  pairs: readonly PairSpread[],
  source: SpreadSource,
  estimate: Pick<RunEstimate, 'models' | 'dataset' | 'repeat'>,
): Detection {
  const alphaOfPair = goal.alpha / Math.max(1, pairs.length);
  const { samples } = estimate.dataset;
  const perCall = 'pilot' in source ? source.minutesPerCall : null;
  return {
    ...goal,
    metric: 'score_all',
    alphaOfPair,
    source,
    samples,
    repeat: estimate.repeat,
    pairs: pairs.map(({ a, b, spread }) => {
      const test = { ...goal, alpha: alphaOfPair };
      const models = [a, b].flatMap((id) => estimate.models.filter((model) => model.id === id));
      const costs = (need: Bounds, repeats: number) => withCosts(need, repeats, models, perCall);
      return {
        a,
        b,
        discordant: spread.discordant,
        deviation: Math.sqrt(spread.paired),
        rows: repeatsShown(spread, estimate.repeat).flatMap((repeats) => rowOf(spread, repeats, test, costs)),
        visible: visibleDifference(spread, samples, estimate.repeat, test),
        repeatsOfManifest: repeatsNeeded(spread, samples, test),
      };
    }),
  };
}

type Bounds = Pick<Need, 'samples' | 'samplesLow' | 'samplesHigh'>;

function repeatsShown({ repeating }: Spread, configured: number): readonly number[] {
  if (repeating === null) return [1];
  return [...new Set([...REPEATS, configured])].sort((x, y) => x - y);
}

function rowOf(
  spread: Spread,
  repeats: number,
  goal: DetectionGoal,
  costs: (need: Bounds, repeats: number) => Need,
): readonly DetectionRow[] {
  const needed = samplesOf(spread, repeats, goal);
  if (needed === null) return [];
  const boundOf = (at: 0 | 1) =>
    spread.bounds === null ? null : (samplesOf(scaled(spread, spread.bounds[at]), repeats, goal) ?? null);
  const variances = singleVariances(spread, repeats);
  const isKnown = variances !== null && variances[0] + variances[1] > 0;
  const alone = isKnown ? independentSamplesNeeded(goal.difference, { ...goal, variances }) : null;
  const paired = { samples: needed, samplesLow: boundOf(0), samplesHigh: boundOf(1) };
  return [
    {
      repeats,
      paired: costs(paired, repeats),
      unpaired: alone === null ? null : costs({ samples: alone, samplesLow: null, samplesHigh: null }, repeats),
      method: isPassFail(spread, repeats) ? 'mcnemar' : 'paired-t',
    },
  ];
}

function scaled(spread: Spread, factor: number): Spread {
  const discordant = spread.discordant === null ? null : Math.min(1, spread.discordant * factor);
  const repeating = spread.repeating === null ? null : spread.repeating * factor;
  return { ...spread, discordant, paired: spread.paired * factor, repeating };
}

/** Averages over repeats are graded, and the paired t test is used for them. */
function isPassFail({ discordant }: Spread, repeats: number): boolean {
  return discordant !== null && repeats === 1;
}

/** null = not known, or nothing varies. */
function samplesOf(spread: Spread, repeats: number, { difference, alpha, power }: DetectionGoal): number | null {
  if (isPassFail(spread, repeats)) {
    // Of fewer discordant samples no such difference could come.
    const discordant = Math.max(difference, spread.discordant ?? 0);
    return mcnemarSamples({ difference, discordant, alpha, power });
  }
  const variance = pairedVariance(spread, repeats);
  if (variance === null || variance <= 0) return null;
  return wholeSamplesNeeded(difference, { deviation: Math.sqrt(variance), alpha, power });
}

function visibleDifference(spread: Spread, n: number, repeats: number, goal: DetectionGoal): number | null {
  const { alpha, power } = goal;
  if (n < 2) return null;
  if (isPassFail(spread, repeats))
    return spread.discordant === 0 ? null : mcnemarDetectable(n, { discordant: spread.discordant ?? 1, alpha, power });
  const variance = pairedVariance(spread, repeats);
  if (variance === null || variance <= 0) return null;
  return detectableDifference(n, { deviation: Math.sqrt(variance), alpha, power });
}

function repeatsNeeded(spread: Spread, samples: number, { difference, alpha, power }: DetectionGoal): number | null {
  const isEnough = (repeats: number) => {
    const variance = pairedVariance(spread, repeats);
    if (isPassFail(spread, repeats)) {
      const discordant = Math.max(difference, spread.discordant ?? 0);
      return mcnemarPower(samples, { difference, discordant, alpha }) >= power;
    }
    if (variance === null || variance <= 0) return false;
    return pairedTPower(samples, difference, { deviation: Math.sqrt(variance), alpha, power }) >= power;
  };
  if (samples < 2) return null;
  const most = spread.repeating === null ? 1 : MOST_REPEATS;
  for (let repeats = 1; repeats <= most; repeats += 1) if (isEnough(repeats)) return repeats;
  return null;
}

/** A sample of the manifest costs what its cells cost on average. */
function withCosts(
  need: Bounds,
  repeats: number,
  models: readonly ModelEstimate[],
  minutesPerCall: number | null,
): Need {
  const cells = need.samples * repeats;
  const share = (model: ModelEstimate) => cells / Math.max(1, model.cells);
  const costs = models.map((model) => (model.costUsd === 'unpriced' ? null : model.costUsd.expected * share(model)));
  const known = costs.filter((cost) => cost !== null);
  const calls = Math.round(models.reduce((sum, model) => sum + model.requests * share(model), 0));
  const limited = models.flatMap((model) => (model.minutes === null ? [] : [model.minutes * share(model)]));
  const measured = minutesPerCall === null ? [] : [calls * minutesPerCall];
  const minutes = limited.length > 0 ? limited : measured;
  return {
    ...need,
    calls,
    costUsd: known.length < costs.length ? 'unpriced' : sumUsd(known),
    minutes: minutes.length === 0 ? null : Math.max(...minutes),
  };
}
