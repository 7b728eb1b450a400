/** What a comparison by one metric shows, as data. */

import type { MetricComparison } from './metric-comparison.ts';

/** Chance of a false alarm in a family of comparisons without any difference. */
const ALPHA = 0.05;

/**
 * - `better`, `worse`: B differs from A, also after Holm's adjustment
 * - `notShown`: there may be a difference, but chance explains what was measured
 * - `same`: every sample has the same score
 * - `nothing`: no sample was scored for both
 */
export type Conclusion = 'better' | 'worse' | 'notShown' | 'same' | 'nothing';

/** `pHolm` is the adjusted p; null = not tested. */
export function conclude(compared: MetricComparison, pHolm: number | null): Conclusion {
  const { difference, higherA, higherB } = compared;
  if (difference === null) return 'nothing';
  if (higherA === 0 && higherB === 0) return 'same';
  if (pHolm === null || pHolm >= ALPHA || difference === 0) return 'notShown';
  return difference > 0 ? 'better' : 'worse';
}

/** Whether the scores that are missing could turn the conclusion round. */
export function isReversible({ dropped }: MetricComparison, conclusion: Conclusion): boolean {
  const { worstCase, bestCase } = dropped;
  if (conclusion === 'better') return worstCase !== null && worstCase <= 0;
  return conclusion === 'worse' && bestCase !== null && bestCase >= 0;
}
