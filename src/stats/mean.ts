/** Means with their confidence intervals. */

import { type Estimate, withoutInterval } from './estimate.ts';
import { type Clusters, createRatio, estimateRatio } from './ratio.ts';
import { wilsonInterval } from './wilson.ts';

/** A mean to which scores are added one by one. */
export interface ScoreMean {
  /** Adds the score of one sample, in [0, 1]; the caller averages repeats first. */
  add(score: number, cluster: string | null): void;
  readonly n: () => number;
  estimate(): Estimate;
}

/**
 * Mean of scores in [0, 1]. Its interval is Wilson's when all scores are 0 or 1 and independent. Otherwise it is Student's
 * t, clustered when labels repeat, cut to [0, 1]. When all scores of clustered samples are 0, or all are 1, there is no
 * spread to measure: Wilson's interval then counts each cluster as one observation.
 */
export function createScoreMean(): ScoreMean {
  const ratio = createRatio();
  let binary = true;
  return {
    add(score, cluster) {
      binary &&= score === 0 || score === 1;
      ratio.add(score, 1, cluster);
    },
    n: ratio.n,
    estimate() {
      const estimate = ratio.estimate();
      const { n, value, ciLow, ciHigh } = estimate;
      if (value === null) return estimate;
      if (binary && !ratio.haveRepeats()) {
        const [low, high] = wilsonInterval(Math.round(value * n), n);
        return { n, value, ciLow: low, ciHigh: high, ciMethod: 'wilson' };
      }
      if (binary && ciLow === null && (value === 0 || value === 1)) {
        const independent = ratio.independent();
        const [low, high] = wilsonInterval(value * independent, independent);
        return { n, value, ciLow: low, ciHigh: high, ciMethod: 'wilson-clusters' };
      }
      if (ciLow === null || ciHigh === null) return withoutInterval(n, value);
      return { ...estimate, ciLow: Math.max(0, ciLow), ciHigh: Math.min(1, ciHigh) };
    },
  };
}

/** Arithmetic mean; Student's t interval, clustered when labels repeat (see `createRatio`). */
export function estimateMean(values: readonly number[], clusters: Clusters = []): Estimate {
  return estimateRatio(
    values,
    values.map(() => 1),
    clusters,
  );
}

/** `createScoreMean` over a list. */
export function estimateScore(values: readonly number[], clusters: Clusters = []): Estimate {
  const mean = createScoreMean();
  values.forEach((value, index) => {
    mean.add(value, clusters[index] ?? null);
  });
  return mean.estimate();
}
