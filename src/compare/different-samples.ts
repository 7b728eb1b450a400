/** Finds the samples where two models differ most. */

import { range } from '../collections/gather.ts';
import { createTopList } from '../collections/top-list.ts';
import { firstAnswer } from './agreement.ts';
import type { DifferentSample } from './comparison.ts';
import type { CommonSamples } from './pairs.ts';
import type { ModelOfRun } from './setting-differences.ts';

/** A sample with its position among the common samples. */
export interface PlacedSample {
  readonly position: number;
  readonly sample: DifferentSample;
}

type Pair = { readonly a: ModelOfRun; readonly b: ModelOfRun };

/**
 * At most `count` samples: those with the largest difference of `score_all` first, then those where only one model has a
 * score, then those with different answers. Samples that do not differ are left out.
 */
export function mostDifferent(pair: Pair, common: CommonSamples, count: number): readonly PlacedSample[] {
  const rankOf = createRanks(pair, common);
  const top = createTopList<readonly [position: number, rank: number]>(count, (x, y) => y[1] - x[1]);
  for (let position = 0; position < common.b.length; position += 1) {
    const rank = rankOf(position);
    if (rank > 0) top.add([position, rank]);
  }
  return top.items().map(([position]) => ({ position, sample: differentSample(pair, common, position) }));
}

/** Positions of all common samples, those that differ most first. */
export function byDifference(pair: Pair, common: CommonSamples): Uint32Array {
  const rankOf = createRanks(pair, common);
  const ranks = new Float64Array(common.b.length);
  for (let position = 0; position < ranks.length; position += 1) ranks[position] = rankOf(position);
  // The sort is stable: equal ones stay in manifest order.
  return range(common.b.length).sort((x, y) => (ranks[y] ?? 0) - (ranks[x] ?? 0));
}

/** What a table shows of one sample. */
export function differentSample(pair: Pair, common: CommonSamples, position: number): DifferentSample {
  const [sampleA, sampleB] = [common.a[position] ?? 0, common.b[position] ?? 0];
  const [a, b] = [scoreOf(pair.a, sampleA), scoreOf(pair.b, sampleB)];
  const [first, second] = [firstAnswer(pair.a, sampleA), firstAnswer(pair.b, sampleB)];
  return {
    sampleId: pair.b.run.samples.ids[sampleB] ?? '',
    a: Number.isNaN(a) ? null : a,
    b: Number.isNaN(b) ? null : b,
    isSameAnswer: first === 0 || second === 0 ? null : first === second,
  };
}

function scoreOf({ model }: ModelOfRun, sample: number): number {
  return model.metrics.get('score_all')?.[sample] ?? Number.NaN;
}

/** Below the smallest difference that anybody looks for. */
const ONLY_ONE_SCORE = 1e-6;
const OTHER_ANSWER = 1e-9;

function createRanks({ a, b }: Pair, common: CommonSamples): (position: number) => number {
  const none = new Float64Array();
  const [scoresA, scoresB] = [a, b].map(({ model }) => model.metrics.get('score_all') ?? none);
  return (position) => {
    const sampleA = common.a[position] ?? 0;
    const sampleB = common.b[position] ?? 0;
    const scoreA = scoresA?.[sampleA] ?? Number.NaN;
    const scoreB = scoresB?.[sampleB] ?? Number.NaN;
    const first = firstAnswer(a, sampleA);
    const second = firstAnswer(b, sampleB);
    const answers = first === second ? 0 : OTHER_ANSWER;
    const difference = Math.abs(scoreA - scoreB);
    if (!Number.isNaN(difference)) return difference + answers;
    return Number.isNaN(scoreA) && Number.isNaN(scoreB) ? answers : ONLY_ONE_SCORE + answers;
  };
}
