/** The return type of every statistic in this folder: a figure with its confidence interval. */

/** A figure with its interval; member names match the columns of `summary.csv`. */
export interface Estimate {
  /** Number of observations behind the figure. */
  readonly n: number;
  /** null without observations. */
  readonly value: number | null;
  /** null = there is no bound, e.g. with too few observations. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** `wilson`, `wilson-clusters`, `t`, `clustered-t`, `order-statistics`; empty without an interval. */
  readonly ciMethod: string;
}

/** Coverage of every interval. */
export const CONFIDENCE = 0.95;

/** A figure without an interval. */
export function withoutInterval(n: number, value: number | null): Estimate {
  return { n, value, ciLow: null, ciHigh: null, ciMethod: '' };
}
