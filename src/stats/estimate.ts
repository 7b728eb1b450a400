/** The return type of every statistic of one model: a figure with its confidence interval. */

import { requireBetween } from './check-arguments.ts';

/** Why a bound cannot be given. */
export type NoBound =
  | 'no values'
  /** Too few values for this percentile or for any spread. */
  | 'n too small'
  /** All values share one cluster: how clusters differ is unknown. */
  | 'one cluster'
  /** Equal values: an interval of no width would claim certainty. */
  | 'no spread'
  /** A rate over nothing. */
  | 'no denominator'
  /** Both raters used one and the same label only, so that chance alone explains their agreement. */
  | 'one label';

/** How an interval was made. */
export type IntervalMethod =
  | 'wilson'
  | 'wilson-clusters'
  | 't'
  | 'clustered-t'
  | 'order-statistics'
  | 'tango'
  | 'tango-clusters'
  | 'paired-t'
  | 'clustered-paired-t'
  | 'bca'
  | 'kappa'
  | 'kappa-clusters';

/** An interval, or the reason why a bound is missing. */
export interface Interval {
  /** null = there is no bound; `reason` says why. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** Empty without an interval. */
  readonly ciMethod: IntervalMethod | '';
  /** null = both bounds are given, or the figure is a plain count that has none. */
  readonly reason: NoBound | null;
}

/** A figure with its interval; member names match the columns of `summary.csv`. */
export interface Estimate extends Interval {
  /** Number of observations behind the figure. */
  readonly n: number;
  /** null without observations. */
  readonly value: number | null;
}

/** Coverage of every interval. */
export const CONFIDENCE = 0.95;

/** A figure without an interval. */
export function withoutInterval(n: number, value: number | null, reason: NoBound | null = null): Estimate {
  return { n, value, ...noInterval(reason) };
}

/** No interval, and why. */
export function noInterval(reason: NoBound | null): Interval {
  return { ciLow: null, ciHigh: null, ciMethod: '', reason };
}

/** Throws a RangeError unless the confidence lies between 0 and 1, such as 0.95. */
export function requireConfidence(confidence: number): void {
  requireBetween('confidence', confidence, 0, 1);
}
