/** The one table of which method serves which kind of score; `docs/statistics.md` shows the same rows. */

import type { IntervalMethod } from './estimate.ts';

/** What values a score takes, one value a sample. */
export type ScoreKind =
  /** 0 or 1: pass or fail. */
  | 'binary'
  /** From 0 to 1. */
  | 'bounded'
  /** Any finite number: milliseconds, tokens, a metric in its own unit. */
  | 'unbounded'
  /** A sum over a sum: word errors over reference words. */
  | 'pooled';

/** How a difference is tested. */
export type TestMethod = 'mcnemar' | 'sign-flip' | 'paired-t' | 'clustered-paired-t';

/** To which scores a row applies. */
interface Scores {
  readonly kind: ScoreKind;
  /** `averaged`: means over repeats, of which some differ. Repeats that all agree count as `none`. */
  readonly repeats: 'none' | 'averaged' | 'either';
  /** `shared`: some samples share a cluster. */
  readonly clusters: 'none' | 'shared';
}

/** The interval of one model's figure. */
export interface OneModelMethods extends Scores {
  readonly interval: IntervalMethod;
  /** The interval when all scores are 0, or all are 1; null = there is none. */
  readonly withoutSpread: IntervalMethod | null;
}

/** The comparison of two models on the same samples. */
export interface PairedMethods extends Scores {
  readonly interval: IntervalMethod;
  /** The interval when all differences are 0; null = there is none. */
  readonly withoutSpread: IntervalMethod | null;
  readonly test: TestMethod;
  /** In place of `test` when at most `FEW` differences (of samples, or summed over clusters) are not 0, or all are equal. */
  readonly testOfFew: TestMethod | null;
}

/** So many differences have 2^20 sign vectors, which can all be enumerated. */
export const FEW = 20;

export const ONE_MODEL: readonly OneModelMethods[] = [
  { kind: 'binary', repeats: 'none', clusters: 'none', interval: 'wilson', withoutSpread: 'wilson' },
  { kind: 'binary', repeats: 'averaged', clusters: 'none', interval: 't', withoutSpread: null },
  { kind: 'binary', repeats: 'either', clusters: 'shared', interval: 'clustered-t', withoutSpread: 'wilson-clusters' },
  { kind: 'bounded', repeats: 'either', clusters: 'none', interval: 't', withoutSpread: null },
  { kind: 'bounded', repeats: 'either', clusters: 'shared', interval: 'clustered-t', withoutSpread: null },
  { kind: 'unbounded', repeats: 'either', clusters: 'none', interval: 't', withoutSpread: null },
  { kind: 'unbounded', repeats: 'either', clusters: 'shared', interval: 'clustered-t', withoutSpread: null },
  { kind: 'pooled', repeats: 'either', clusters: 'none', interval: 't', withoutSpread: null },
  { kind: 'pooled', repeats: 'either', clusters: 'shared', interval: 'clustered-t', withoutSpread: null },
];

const T = { clusters: 'none', interval: 'paired-t', test: 'paired-t' } as const;
const CLUSTERED_T = { clusters: 'shared', interval: 'clustered-paired-t', test: 'clustered-paired-t' } as const;
const MCNEMAR = { clusters: 'none', interval: 'tango', test: 'mcnemar' } as const;

export const PAIRED: readonly PairedMethods[] = [
  { kind: 'binary', repeats: 'none', ...MCNEMAR, withoutSpread: 'tango', testOfFew: null },
  { kind: 'binary', repeats: 'averaged', ...T, withoutSpread: 'tango', testOfFew: 'sign-flip' },
  { kind: 'binary', repeats: 'either', ...CLUSTERED_T, withoutSpread: 'tango-clusters', testOfFew: 'sign-flip' },
  { kind: 'bounded', repeats: 'either', ...T, withoutSpread: 'tango', testOfFew: 'sign-flip' },
  { kind: 'bounded', repeats: 'either', ...CLUSTERED_T, withoutSpread: 'tango-clusters', testOfFew: 'sign-flip' },
  { kind: 'unbounded', repeats: 'either', ...T, withoutSpread: null, testOfFew: 'sign-flip' },
  { kind: 'unbounded', repeats: 'either', ...CLUSTERED_T, withoutSpread: null, testOfFew: 'sign-flip' },
  { kind: 'pooled', repeats: 'either', ...T, withoutSpread: null, testOfFew: null },
  { kind: 'pooled', repeats: 'either', ...CLUSTERED_T, withoutSpread: null, testOfFew: null },
];

/** The row of one of the tables that applies to these scores. */
export function methodsFor<Row extends Scores>(
  table: readonly Row[],
  kind: ScoreKind,
  areAveraged: boolean,
  areClustered: boolean,
): Row {
  const repeats = areAveraged ? 'averaged' : 'none';
  const row = table.find(
    (one) =>
      one.kind === kind &&
      (one.repeats === 'either' || one.repeats === repeats) &&
      one.clusters === (areClustered ? 'shared' : 'none'),
  );
  if (row === undefined) throw new RangeError(`no method for ${kind} scores`);
  return row;
}

/** The kind of scores from 0 to 1: `binary` if each is 0 or 1, of all models that are compared. */
export function kindOfScores(...lists: readonly ArrayLike<number>[]): 'binary' | 'bounded' {
  for (const list of lists) {
    for (let index = 0; index < list.length; index += 1) {
      if (list[index] !== 0 && list[index] !== 1) return 'bounded';
    }
  }
  return 'binary';
}
