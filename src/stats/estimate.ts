/** What every statistic of this folder returns: a figure with its interval. */

/** A figure and the interval around it; the names are those of a row of `summary.csv`. */
export interface Estimate {
  /** Observations behind the figure. */
  readonly n: number;
  /** null without observations. */
  readonly value: number | null;
  /** null = no bound can be given, e.g. too few observations. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** `wilson`, `wilson-clusters`, `t`, `clustered-t`, `order-statistics`; empty without an interval. */
  readonly ciMethod: string;
}

/** Coverage of every interval. */
export const CONFIDENCE = 0.95;

/** A figure that has no interval. */
export function withoutInterval(n: number, value: number | null): Estimate {
  return { n, value, ciLow: null, ciHigh: null, ciMethod: '' };
}
