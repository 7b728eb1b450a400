/** Means with their confidence intervals. */

import { requireSameLength } from './check-arguments.ts';
import type { SlotOf } from './cluster-sums.ts';
import type { ClusterId, Clusters } from './clusters.ts';
import { type Estimate, withoutInterval } from './estimate.ts';
import { methodsFor, ONE_MODEL } from './methods.ts';
import { createRatio, sumRatio } from './ratio.ts';
import { wilsonInterval } from './wilson.ts';

/** A mean to which scores are added one by one. */
export interface ScoreMean {
  /** Adds the score of one sample, in [0, 1]; the caller averages repeats first. Throws a RangeError unless it is finite. */
  add(score: number, cluster: ClusterId): void;
  readonly n: () => number;
  /** Number of independent observations: clusters, and scores without one. */
  readonly independent: () => number;
  estimate(): Estimate;
}

/**
 * Mean of scores in [0, 1], with the interval that the table in `methods.ts` names. It is Wilson's when all scores are 0
 * or 1 and independent. Otherwise it is Student's t, clustered when labels repeat, cut to [0, 1]. When all scores of
 * clustered samples are 0, or all are 1, there is no spread to measure: Wilson's interval then counts each cluster as
 * one observation. One cluster has no interval.
 */
export function createScoreMean(slotOf?: SlotOf): ScoreMean {
  const ratio = createRatio(slotOf);
  let isBinary = true;

  const wilson = (independent: number, ciMethod: 'wilson' | 'wilson-clusters'): Estimate => {
    const [n, value] = [ratio.n(), ratio.value() ?? 0];
    const [ciLow, ciHigh] = wilsonInterval(Math.round(value * independent), independent) ?? [null, null];
    return { n, value, ciLow, ciHigh, ciMethod, reason: null };
  };

  return {
    add(score, cluster) {
      isBinary &&= score === 0 || score === 1;
      ratio.add(score, 1, cluster);
    },
    n: ratio.n,
    independent: ratio.independent,
    estimate() {
      const estimate = ratio.estimate();
      const { n, value, ciLow, ciHigh, reason } = estimate;
      if (value === null) return estimate;
      const { interval, withoutSpread } = methodsFor(
        ONE_MODEL,
        isBinary ? 'binary' : 'bounded',
        false,
        ratio.haveRepeats(),
      );
      if (interval === 'wilson') return wilson(n, interval);
      const isConstant = reason === 'no spread' && (value === 0 || value === 1);
      if (isConstant && withoutSpread === 'wilson-clusters') return wilson(ratio.independent(), withoutSpread);
      if (ciLow === null || ciHigh === null) return withoutInterval(n, value, reason);
      return { ...estimate, ciLow: Math.max(0, ciLow), ciHigh: Math.min(1, ciHigh) };
    },
  };
}

/** Arithmetic mean; Student's t interval, clustered when labels repeat (see `createRatio`). */
export function estimateMean(values: ArrayLike<number>, clusters: Clusters | null = null): Estimate {
  return sumRatio(values, null, clusters).estimate();
}

/** `createScoreMean` over a list. */
export function estimateScore(values: ArrayLike<number>, clusters: Clusters | null = null): Estimate {
  if (clusters !== null) requireSameLength('clusters', clusters.length, values.length);
  const mean = createScoreMean();
  for (let index = 0; index < values.length; index += 1) mean.add(values[index] ?? 0, clusters?.[index] ?? null);
  return mean.estimate();
}
