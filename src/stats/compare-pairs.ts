/** Compares two models on the same samples, with the methods that the table in `methods.ts` names. */

import { type Clusters, sumClusters } from './clusters.ts';
import { differences, pooledDifferences, type Rates } from './differences.ts';
import { CONFIDENCE, type Interval, type IntervalMethod, noInterval } from './estimate.ts';
import { mcnemar, type PairedTest } from './mcnemar.ts';
import {
  FEW,
  kindOfScores,
  methodsFor,
  PAIRED,
  type PairedMethods,
  type ScoreKind,
  type TestMethod,
} from './methods.ts';
import { pairedT } from './paired-t.ts';
import { signFlip } from './sign-flip.ts';
import { tangoInterval } from './tango.ts';

/** A mean over repeats or scorers may leave [0, 1] by this much. */
const ROUNDING = 1e-9;

interface Common {
  /** Samples that are not independent. */
  readonly clusters?: Clusters;
  /** Of random sign vectors, which only differences without spread need. */
  readonly seed: number;
  readonly confidence?: number;
}

/** Scores of both models, sample by sample, averaged over repeats; samples that either model lacks are left out. */
export type ScorePairs = Common & {
  readonly kind: Exclude<ScoreKind, 'pooled'>;
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
};

/** Sums of both models, sample by sample. */
export type RatePairs = Common & { readonly kind: 'pooled'; readonly a: Rates; readonly b: Rates };

/** A difference A - B, its interval and its test. */
export interface PairedComparison extends Interval {
  /** Samples that were compared. */
  readonly n: number;
  /** null = nothing to compare, or a rate over nothing. */
  readonly difference: number | null;
  /** Samples where A is higher; for pass or fail, those that only A passes. */
  readonly higherA: number;
  readonly higherB: number;
  /** null = cannot be tested: too few samples or clusters, or no spread. */
  readonly test: PairedTest | null;
  /** Empty without a test. */
  readonly testMethod: TestMethod | '';
}

/** Throws a RangeError for values that do not fit the kind. */
export function comparePairs(pairs: ScorePairs | RatePairs): PairedComparison {
  const { clusters = null } = pairs;
  const deltas = pairs.kind === 'pooled' ? pooledDifferences(pairs.a, pairs.b) : differences(pairs.a, pairs.b);
  const n = pairs.kind === 'pooled' ? pairs.a.numerators.length : pairs.a.length;
  if (deltas === null || n === 0) {
    const nothing = { n, difference: null, higherA: 0, higherB: 0, test: null, testMethod: '' as const };
    return { ...nothing, ...noInterval(n === 0 ? 'no values' : 'no denominator') };
  }
  const sums = sumClusters(deltas, clusters);
  const methods = methodsFor(PAIRED, pairs.kind, areAveraged(pairs), sums.length < n);
  const counts = countHigher(pairs, deltas);
  if (methods.interval === 'tango') return { ...comparePassFail(n, counts, methods, pairs.confidence), n, ...counts };
  return { ...compareMeans(deltas, sums, methods, pairs), n, ...counts };
}

type Compared = Omit<PairedComparison, 'n' | 'higherA' | 'higherB'>;
type Counts = Pick<PairedComparison, 'higherA' | 'higherB'>;

function comparePassFail(n: number, counts: Counts, methods: PairedMethods, confidence = CONFIDENCE): Compared {
  const { higherA, higherB } = counts;
  const difference = (higherA - higherB) / n;
  const interval = intervalOf(methods.interval, tangoInterval(higherA, higherB, n, confidence));
  return { difference, ...interval, test: mcnemar(higherA, higherB), testMethod: methods.test };
}

function compareMeans(
  deltas: Float64Array,
  sums: Float64Array,
  methods: PairedMethods,
  { kind, clusters, seed, confidence = CONFIDENCE }: ScorePairs | RatePairs,
): Compared {
  const t = pairedT(deltas, clusters ?? null, confidence);
  const { difference, ciLow, ciHigh, ciMethod, reason } = t;
  const isWithin1 = kind === 'binary' || kind === 'bounded';
  const areFew = sums.filter((sum) => sum !== 0).length <= FEW;
  const flipped = methods.testOfFew !== null && (areFew || t.test === null);
  const test = flipped ? signFlip(deltas, { ...(clusters === undefined ? {} : { clusters }), seed }) : t.test;
  const testMethod = test === null ? '' : flipped ? 'sign-flip' : methods.test;
  if (methods.withoutSpread !== null && reason === 'no spread' && deltas.every((delta) => delta === 0)) {
    const interval = intervalOf(methods.withoutSpread, tangoInterval(0, 0, sums.length, confidence));
    return { difference, ...interval, test, testMethod };
  }
  if (ciLow === null || ciHigh === null) return { difference, ...noInterval(reason), test, testMethod };
  const bounds = isWithin1 ? { ciLow: Math.max(-1, ciLow), ciHigh: Math.min(1, ciHigh) } : { ciLow, ciHigh };
  return { difference, ...bounds, ciMethod, reason, test, testMethod };
}

function intervalOf(ciMethod: IntervalMethod, bounds: readonly [number, number] | null): Interval {
  if (bounds === null) return noInterval('no values');
  return { ciLow: bounds[0], ciHigh: bounds[1], ciMethod, reason: null };
}

function areAveraged(pairs: ScorePairs | RatePairs): boolean {
  if (pairs.kind === 'pooled' || pairs.kind === 'unbounded') return false;
  requireScores('a', pairs.a);
  requireScores('b', pairs.b);
  return pairs.kind === 'binary' && kindOfScores(pairs.a, pairs.b) === 'bounded';
}

function requireScores(name: string, scores: ArrayLike<number>): void {
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index] ?? 0;
    if (score < -ROUNDING || score > 1 + ROUNDING) {
      throw new RangeError(`${name}[${index}] is ${score}; a score must be from 0 to 1`);
    }
  }
}

function countHigher(pairs: ScorePairs | RatePairs, deltas: Float64Array): Counts {
  const signs = pairs.kind === 'pooled' ? rateSigns(pairs.a, pairs.b) : deltas;
  let [higherA, higherB] = [0, 0];
  for (const sign of signs) {
    if (sign > 0) higherA += 1;
    if (sign < 0) higherB += 1;
  }
  return { higherA, higherB };
}

/** Above 0 where the rate of A is higher than that of B; without quotients, because a sample may have nothing to divide by. */
function rateSigns(a: Rates, b: Rates): Float64Array {
  const cross = (first: Rates, second: Rates) =>
    Float64Array.from(first.numerators, (numerator, index) => numerator * (second.denominators[index] ?? 0));
  return differences(cross(a, b), cross(b, a));
}
