/** Adjusts the tests of comparisons that are printed together, and concludes. */

import { holm } from '../stats/holm.ts';
import type { JudgedMetric, Verdicts } from './comparison.ts';
import type { MetricComparison } from './metric-comparison.ts';
import { conclude } from './verdict.ts';

/** The metric of verdicts: what a model did not answer counts 0. */
export const VERDICT_METRIC = 'score_all';

/** Of the permutation test: the same results give the same p. */
export const SEED = 1;

/** Adjusts the tests of all lists together by Holm's method; the result has the same lists. */
export function judgeLists(lists: readonly (readonly MetricComparison[])[]): readonly (readonly JudgedMetric[])[] {
  const adjusted = holm(lists.flat().map(({ p }) => p));
  let next = 0;
  return lists.map((list) =>
    list.map((compared) => {
      const pHolm = adjusted[next] ?? null;
      next += 1;
      return { ...compared, pHolm, conclusion: compared.kind === 'pooled' ? null : conclude(compared, pHolm) };
    }),
  );
}

/** Tests that Holm's method adjusts together. */
export function familyOf(judged: readonly JudgedMetric[]): number {
  return judged.filter(({ p }) => p !== null).length;
}

/** One verdict for each pair. */
export function judgeVerdicts(
  pairs: readonly { readonly a: string; readonly b: string; readonly compared: MetricComparison }[],
): Verdicts {
  const [judged = []] = judgeLists([pairs.map(({ compared }) => compared)]);
  return {
    verdicts: judged.flatMap((verdict, index) => {
      const pair = pairs[index];
      return pair === undefined ? [] : [{ a: pair.a, b: pair.b, verdict }];
    }),
    family: familyOf(judged),
  };
}
