/** The verdict of a comparison in one sentence for people. */

import { type AblatedMedium, ablatedMedium } from '../plan/ablation.ts';
import { points, signed } from '../reporters/figures-for-people.ts';
import type { MetricComparison } from './metric-comparison.ts';
import { type Conclusion, isReversible } from './verdict.ts';

/** One comparison as the sentence needs it. */
export interface VerdictFacts {
  readonly a: string;
  readonly b: string;
  readonly compared: MetricComparison;
  readonly pHolm: number | null;
  /** Comparisons that were judged together. */
  readonly family: number;
  readonly conclusion: Conclusion;
}

/** `B is better than A by 4.1 points (1.2 to 7.0); 200 samples can see 6.3`, not escaped. A point is 0.01 of the score. */
export function verdictText(facts: VerdictFacts): string {
  const { a, b, compared, conclusion } = facts;
  const medium = ablatedMedium(a, b);
  if (medium !== null && conclusion !== 'nothing') return ablationText(facts, medium);
  switch (conclusion) {
    case 'better':
    case 'worse':
      return `${b} is ${conclusion} than ${a} by ${points(Math.abs(compared.difference ?? 0))} points${interval(compared, conclusion === 'worse')}${sight(compared)}${missing(facts)}`;
    case 'notShown':
      return `no difference between ${b} and ${a} is shown: ${signed(compared.difference ?? 0)} points${interval(compared)}${chance(facts)}${sight(compared) || `; ${count(compared.n, 'sample')} cannot show one`}${missing(facts)}`;
    case 'same':
      return `${b} and ${a} have the same score on each of ${count(compared.n, 'sample')}${interval(compared)}${missing(facts)}`;
    case 'nothing':
      return `${b} and ${a} cannot be compared: no sample was scored for both`;
  }
}

/** `phi needs the image for 62.1 of its 84.3 points (55.0 to 69.0): 22.2 are left without it`. */
function ablationText(facts: VerdictFacts, medium: AblatedMedium): string {
  const { a: model, compared, conclusion } = facts;
  const [withIt, without] = [points(compared.a ?? 0), points(compared.b ?? 0)];
  const rest = `${missing(facts)}`;
  switch (conclusion) {
    case 'worse':
      return `${model} needs the ${medium} for ${points(-(compared.difference ?? 0))} of its ${withIt} points${interval(compared, true)}: ${without} are left without it${rest}`;
    case 'better':
      return `${model} is better without the ${medium}: ${without} points instead of ${withIt}, by ${points(compared.difference ?? 0)}${interval(compared)}${rest}`;
    default:
      return `${model} is not shown to need the ${medium}: ${withIt} points with it, ${without} without it${interval(compared, true)}${sight(compared)}${rest}`;
  }
}

/** `0.041`, `< 0.001`. */
function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}

/** `1 sample`, `200 samples`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function interval({ ciLow, ciHigh }: MetricComparison, isReversed = false): string {
  if (ciLow === null || ciHigh === null) return '';
  const [low, high] = isReversed ? [-ciHigh, -ciLow] : [ciLow, ciHigh];
  return ` (${points(low)} to ${points(high)})`;
}

/** Named when the interval alone would say something else. */
function chance({ compared, pHolm, family }: VerdictFacts): string {
  const { ciLow, ciHigh, p } = compared;
  if (pHolm === null) return ', too few samples for a test';
  const excludesZero = ciLow !== null && ciHigh !== null && (ciLow > 0 || ciHigh < 0);
  if (!excludesZero) return '';
  return p === pHolm ? `, p ${pText(pHolm)}` : `, p ${pText(pHolm)} among ${family} comparisons`;
}

/** The smallest difference that the samples can be expected to show; empty when there is none, or it is not known. */
function sight({ detectable, n }: MetricComparison): string {
  return detectable === null || detectable > 1 ? '' : `; ${count(n, 'sample')} can see ${points(detectable)}`;
}

/** Samples that failed for one model or both. */
function missing({ compared, conclusion }: VerdictFacts): string {
  const { onlyA, onlyB, neither } = compared.dropped;
  const dropped = onlyA + onlyB + neither;
  if (dropped === 0) return '';
  return `; ${count(dropped, 'pair')} ${dropped === 1 ? 'is' : 'are'} missing${isReversible(compared, conclusion) ? ' and could reverse this' : ''}`;
}
