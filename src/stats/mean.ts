/** Means with their intervals. */

import { type Clusters, clusterSums, haveRepeats } from './clusters.ts';
import { type Estimate, withoutInterval } from './estimate.ts';
import { estimateRatio } from './ratio.ts';
import { wilsonInterval } from './wilson.ts';

/** Arithmetic mean; Student's t interval, clustered when labels repeat (see `estimateRatio`). */
export function estimateMean(values: readonly number[], clusters: Clusters = []): Estimate {
  return estimateRatio(
    values,
    values.map(() => 1),
    clusters,
  );
}

/**
 * Mean of scores in [0, 1], one a sample (average repeats first). Wilson's interval when all are 0 or 1 and
 * independent; else Student's t, clustered when labels repeat, cut to [0, 1]. Clusters that all agree on 0 or 1 leave
 * no spread to measure: Wilson's interval then counts each cluster as one observation.
 */
export function estimateScore(values: readonly number[], clusters: Clusters = []): Estimate {
  const estimate = estimateMean(values, clusters);
  const { n, value, ciLow, ciHigh } = estimate;
  if (value === null) return estimate;
  const binary = values.every((score) => score === 0 || score === 1);
  if (binary && !haveRepeats(clusters)) {
    const [low, high] = wilsonInterval(Math.round(value * n), n);
    return { n, value, ciLow: low, ciHigh: high, ciMethod: 'wilson' };
  }
  if (binary && ciLow === null && (value === 0 || value === 1)) {
    const independent = clusterSums(values, clusters).length;
    const [low, high] = wilsonInterval(value * independent, independent);
    return { n, value, ciLow: low, ciHigh: high, ciMethod: 'wilson-clusters' };
  }
  if (ciLow === null || ciHigh === null) return withoutInterval(n, value);
  return { ...estimate, ciLow: Math.max(0, ciLow), ciHigh: Math.min(1, ciHigh) };
}
