/** Counts and measurements of one model in one slice, filled sample by sample. */

import type { Result } from '../types.ts';
import { createNumberList, type NumberList } from './number-list.ts';

/** One value a sample with the cluster it belongs to. */
export interface Scores {
  readonly values: NumberList;
  readonly clusters: (string | null)[];
}

export interface ScorerTally extends Scores {
  /** That the scorer judged, or tried to. */
  samples: number;
  /** Summed over cells: what corpus figures are pooled from. */
  readonly counts: Record<string, number>;
}

export interface Tally {
  cells: number;
  /** Samples of which at least one cell was asked: what a model cannot take is no gap. */
  samplesAsked: number;
  /** Samples that any scorer judged, or tried to. */
  samplesJudged: number;
  /** By status, outcome and `failed.<kind>`. */
  readonly counts: Map<string, number>;
  readonly score: Scores;
  readonly scoreAll: Scores;
  readonly byScorer: Map<string, ScorerTally>;
  readonly latencyMs: NumberList;
  readonly promptTokens: NumberList;
  readonly completionTokens: NumberList;
  readonly totalTokens: NumberList;
  readonly costUsd: NumberList;
}

export function createTally(): Tally {
  return {
    cells: 0,
    samplesAsked: 0,
    samplesJudged: 0,
    counts: new Map(),
    score: createScores(),
    scoreAll: createScores(),
    byScorer: new Map(),
    latencyMs: createNumberList(),
    promptTokens: createNumberList(),
    completionTokens: createNumberList(),
    totalTokens: createNumberList(),
    costUsd: createNumberList(),
  };
}

/** Takes in all repeats of one sample; their scores are averaged first, never pooled as if independent. */
export function tallySample(tally: Tally, repeats: readonly Result[]): void {
  for (const result of repeats) tallyCell(tally, result);
  const [first] = repeats;
  if (first === undefined) return;
  if (repeats.some(({ status }) => status !== 'skipped')) tally.samplesAsked += 1;
  const cluster = clusterOf(first);
  pushMean(
    tally.score,
    cluster,
    repeats.map(({ score }) => score),
  );
  pushMean(tally.scoreAll, cluster, repeats.map(scoreAll));
  if (repeats.some(({ scores }) => scores.length > 0)) tally.samplesJudged += 1;
  for (const name of new Set(repeats.flatMap(({ scores }) => scores.map(({ scorer }) => scorer)))) {
    const scorer = tally.byScorer.get(name) ?? { ...createScores(), samples: 0, counts: {} };
    tally.byScorer.set(name, scorer);
    scorer.samples += 1;
    const scores = repeats.flatMap((result) => result.scores.filter((score) => score.scorer === name));
    pushMean(
      scorer,
      cluster,
      scores.map(({ value }) => value),
    );
    for (const { counts } of scores) {
      for (const [key, count] of Object.entries(counts ?? {})) scorer.counts[key] = (scorer.counts[key] ?? 0) + count;
    }
  }
}

/**
 * The score that does not flatter: 0 where the model refused, was filtered, was cut off or could not be read;
 * null where the answer is missing for other reasons, or nothing was to be judged.
 */
export function scoreAll(result: Result): number | null {
  if (result.outcome === 'answered') return result.score;
  return result.outcome === null || result.sample.target.length === 0 ? null : 0;
}

function tallyCell(tally: Tally, result: Result): void {
  tally.cells += 1;
  count(tally, result.status);
  // What a model cannot take is the plain case of skipping; other reasons are counted by kind.
  if (result.status !== 'completed' && !(result.status === 'skipped' && result.failure.kind === 'unsupported'))
    count(tally, `${result.status}.${result.failure.kind}`);
  if (result.outcome !== null && result.outcome !== 'answered') count(tally, result.outcome);
  if (result.status === 'completed' && result.score === null) count(tally, 'unscored');
  push(tally.latencyMs, result.timing.latencyMs);
  push(tally.promptTokens, result.usage?.promptTokens);
  push(tally.completionTokens, result.usage?.completionTokens);
  push(tally.totalTokens, result.usage?.totalTokens);
  push(tally.costUsd, result.costUsd);
}

function createScores(): Scores {
  return { values: createNumberList(), clusters: [] };
}

function count(tally: Tally, name: string): void {
  tally.counts.set(name, (tally.counts.get(name) ?? 0) + 1);
}

function push(values: NumberList, value: number | null | undefined): void {
  if (value !== null && value !== undefined) values.push(value);
}

function pushMean(scores: Scores, cluster: string | null, values: readonly (number | null)[]): void {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return;
  scores.values.push(known.reduce((sum, value) => sum + value, 0) / known.length);
  scores.clusters.push(cluster);
}

/** Samples of one group, or about the same media, are not independent. */
function clusterOf({ sample }: Result): string | null {
  if (sample.group !== null) return `group ${sample.group}`;
  const media = [...sample.images, ...sample.audio];
  return media.length === 0 ? null : `media ${media.join('|')}`;
}
