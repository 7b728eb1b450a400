/** Counts and sums of one model in one slice, filled sample by sample. */

import { createNumberList, type NumberList } from '../collections/number-list.ts';
import { mediaOfCard } from '../modalities.ts';
import { billedSeconds, rtfx, soundSeconds } from '../reporters/rtfx.ts';
import type { Result, Score } from '../result.ts';
import { corpusParts, isPooled } from '../scorers/registry.ts';
import { createScoreMean, type ScoreMean } from '../stats/mean.ts';
import { createRatio, type RatioSums } from '../stats/ratio.ts';
import { sum } from '../stats/sum.ts';
import { addErrors, type ComparedPart, type ErrorSums } from './estimate-errors.ts';

export interface ScorerTally {
  readonly mean: ScoreMean;
  /** The corpus figure in its own direction, e.g. errors over reference words. */
  readonly pooled: RatioSums;
  /** Sums of the counts of a corpus figure that is not a ratio of two sums, e.g. BLEU; with the unit of the scores. */
  readonly sums: Map<string, number>;
  unit: string;
  /** Samples that the model supports and the scorer has to judge. */
  samples: number;
}

export interface Tally {
  cells: number;
  /** Cells that the model supports and a comparison needed. The others are not missing; cells that the budget left out are. */
  supportedCells: number;
  /** Samples with at least one such cell. */
  supportedSamples: number;
  /** By status, outcome and `failed.<kind>`. */
  readonly counts: Map<string, number>;
  readonly score: ScoreMean;
  readonly scoreAll: ScoreMean;
  readonly byScorer: Map<string, ScorerTally>;
  readonly latencyMs: NumberList;
  /** Seconds of sound over seconds of latency, of the cells that have both. */
  readonly rtfx: RatioSums;
  rtfxCells: number;
  /** Seconds of sound in the prompts. */
  readonly audioSeconds: Total;
  readonly promptTokens: Total;
  readonly completionTokens: Total;
  readonly totalTokens: Total;
  readonly costUsd: Total;
  /** Of the judges of its answers, which is no cost of the model. */
  readonly judgeUsd: Total;
  /** Cells that a judge was asked about. */
  judged: number;
  /** By part; empty when the run made no estimates. */
  readonly estimateErrors: Map<ComparedPart, ErrorSums>;
}

/** Mean and sum of the reported values. */
export interface Total {
  /** Mean over samples. */
  readonly mean: RatioSums;
  cells: number;
  /** The sum in whole units, which is exact: tokens, or 10^-12 USD. */
  units: bigint;
}

export function createTally(): Tally {
  return {
    cells: 0,
    supportedCells: 0,
    supportedSamples: 0,
    counts: new Map(),
    score: createScoreMean(Number),
    scoreAll: createScoreMean(Number),
    byScorer: new Map(),
    latencyMs: createNumberList(),
    rtfx: createRatio(Number),
    rtfxCells: 0,
    audioSeconds: createTotal(),
    promptTokens: createTotal(),
    completionTokens: createTotal(),
    totalTokens: createTotal(),
    costUsd: createTotal(),
    judgeUsd: createTotal(),
    judged: 0,
    estimateErrors: new Map(),
  };
}

/** Adds all repeats of one sample as one observation: repeats are not independent. `cluster` is the number of its cluster. */
export function tallySample(tally: Tally, repeats: readonly Result[], cluster: number | null): void {
  for (const result of repeats) tallyCell(tally, result);
  tallySound(tally, repeats, cluster);
  addRepeats(
    tally.promptTokens,
    repeats.map(({ usage }) => usage?.promptTokens),
    1,
  );
  addRepeats(
    tally.completionTokens,
    repeats.map(({ usage }) => usage?.completionTokens),
    1,
  );
  addRepeats(
    tally.totalTokens,
    repeats.map(({ usage }) => usage?.totalTokens),
    1,
  );
  addRepeats(
    tally.costUsd,
    repeats.map(({ costUsd }) => costUsd),
    PICO,
  );
  const judged = repeats.filter(({ scores }) => scores.some(({ judgeCalls }) => judgeCalls !== undefined));
  tally.judged += judged.length;
  addRepeats(tally.judgeUsd, judged.map(judgeUsd), PICO);
  addErrors(tally.estimateErrors, repeats);
  if (repeats.some(isWanted)) tally.supportedSamples += 1;
  addMean(
    tally.score,
    cluster,
    repeats.map(({ score }) => score),
  );
  addMean(tally.scoreAll, cluster, repeats.map(scoreAll));
  for (const name of new Set(repeats.filter(isWanted).flatMap(({ scorers }) => scorers))) {
    const scores = repeats.flatMap((result) => result.scores.filter((score) => score.scorer === name));
    tallyScorer(scorerOf(tally, name), cluster, scores);
  }
}

/** Seconds of sound in whole units of a microsecond. */
export const MICRO = 1e6;

function tallySound(tally: Tally, repeats: readonly Result[], cluster: number | null): void {
  addRepeats(tally.audioSeconds, repeats.map(billedSeconds), MICRO);
  const timed = repeats.filter((result) => rtfx(result) !== null);
  if (timed.length === 0) return;
  tally.rtfxCells += timed.length;
  tally.rtfx.add(
    sum(timed.map((result) => soundSeconds(result) ?? 0)),
    sum(timed.map(({ timing }) => (timing.latencyMs ?? 0) / 1000)),
    cluster,
  );
}

/** null when a judgement of the cell has no price. */
function judgeUsd({ scores }: Result): number | null {
  const costs = scores.flatMap(({ judgeCalls = [] }) => judgeCalls.map(({ costUsd }) => costUsd));
  const known = costs.filter((cost) => cost !== null);
  return known.length < costs.length ? null : sum(known);
}

function scorerOf(tally: Tally, name: string): ScorerTally {
  const scorer = tally.byScorer.get(name) ?? {
    mean: createScoreMean(Number),
    pooled: createRatio(Number),
    sums: new Map(),
    unit: '',
    samples: 0,
  };
  tally.byScorer.set(name, scorer);
  return scorer;
}

function tallyScorer(scorer: ScorerTally, cluster: number | null, scores: readonly Score[]): void {
  scorer.samples += 1;
  addMean(
    scorer.mean,
    cluster,
    scores.map(({ value }) => value),
  );
  for (const { unit, counts = {} } of scores) {
    scorer.unit = unit === '' ? scorer.unit : unit;
    if (isPooled(unit)) addCounts(scorer.sums, counts);
  }
  const parts = scores.flatMap(({ counts, unit }) => (counts === undefined ? [] : (corpusParts(unit, counts) ?? [])));
  if (parts.length === 0) return;
  const numerator = sum(parts.map((part) => part.numerator));
  const denominator = sum(parts.map((part) => part.denominator));
  scorer.pooled.add(numerator, denominator, cluster);
}

/** More than any figure needs; the names come from the journal. */
const MAX_COUNTS = 100;

function addCounts(sums: Map<string, number>, counts: NonNullable<Score['counts']>): void {
  for (const [name, count] of Object.entries(counts))
    if (sums.has(name) || sums.size < MAX_COUNTS) sums.set(name, (sums.get(name) ?? 0) + count);
}

/**
 * The score that counts bad outcomes: 0 where the answer was refused, filtered, truncated or could not be parsed; null
 * where the answer is missing for another reason, or no scorer applies.
 */
export function scoreAll(result: Result): number | null {
  if (result.outcome === 'answered') return result.score;
  return result.outcome === null || result.scorers.length === 0 ? null : 0;
}

/** False for a cell whose answer nobody misses: the model does not support its content, or no comparison needed it. */
export function isWanted(result: Result): boolean {
  return isSupported(result) && !(result.status === 'skipped' && result.failure.kind === 'decided');
}

/** False for a cell that was skipped because the model does not support its content. */
function isSupported(result: Result): boolean {
  return result.status !== 'skipped' || result.failure.kind !== 'unsupported';
}

function tallyCell(tally: Tally, result: Result): void {
  tally.cells += 1;
  if (isWanted(result)) tally.supportedCells += 1;
  count(tally, result.status);
  // Unsupported content is the usual reason for a skip and needs no own count; other reasons are counted by kind.
  if (result.status !== 'completed' && isSupported(result)) count(tally, `${result.status}.${result.failure.kind}`);
  if (result.outcome !== null && result.outcome !== 'answered') count(tally, result.outcome);
  if (result.status === 'completed' && result.score === null) count(tally, 'unscored');
  if (result.timing.latencyMs !== null) tally.latencyMs.push(result.timing.latencyMs);
}

/** Units of 10^-12 in one USD. */
export const PICO = 1e12;

function createTotal(): Total {
  return { mean: createRatio(), cells: 0, units: 0n };
}

/** Adds the values of one sample's repeats; all its cells have the same weight in the mean. */
function addRepeats(total: Total, values: readonly (number | null | undefined)[], unitsPerOne: number): void {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0) return;
  total.mean.add(sum(known), known.length, null);
  total.cells += known.length;
  for (const value of known) total.units += BigInt(Math.round(value * unitsPerOne));
}

function count(tally: Tally, name: string): void {
  tally.counts.set(name, (tally.counts.get(name) ?? 0) + 1);
}

function addMean(mean: ScoreMean, cluster: number | null, values: readonly (number | null)[]): void {
  const known = values.filter((value) => value !== null);
  if (known.length > 0) mean.add(known.reduce((sum, value) => sum + value, 0) / known.length, cluster);
}

/** Cluster of a sample: samples of one group, or with the same media, are not independent. */
export function clusterOf({ sample }: Pick<Result, 'sample'>): string | null {
  if (sample.group !== null) return `group ${sample.group}`;
  const media = mediaOfCard(sample).map(({ uri }) => uri);
  return media.length === 0 ? null : `media ${media.join('|')}`;
}
