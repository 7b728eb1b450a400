/** The standard error of a mean. */

import type { Clusters } from './clusters.ts';
import { sumRatio } from './ratio.ts';

/**
 * s / sqrt(n) with n - 1; clustered with the finite-cluster factor C/(C-1) when ids repeat (Miller 2024,
 * arXiv 2411.00640, appendix A; Cameron and Miller 2015). null = fewer than two values or clusters.
 */
export function standardError(values: ArrayLike<number>, clusters: Clusters | null = null): number | null {
  return sumRatio(values, null, clusters).error().standardError;
}
