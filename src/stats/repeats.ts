/** One value a sample: what every other statistic of this folder expects. */

import { requireFinite, requireSameLength } from './check-arguments.ts';

/** Samples in the order of their first value, with the mean of each. */
export interface SampleMeans {
  readonly samples: readonly (string | number)[];
  readonly means: Float64Array;
}

/**
 * Arithmetic mean over the repeats of each sample (Miller 2024, arXiv 2411.00640, section 3): repeats of one sample
 * are not independent, so they must not count as several. A repeat without a score is left out by the caller.
 */
export function averageRepeats(values: ArrayLike<number>, sampleIds: ArrayLike<string | number>): SampleMeans {
  requireFinite('values', values);
  requireSameLength('sampleIds', sampleIds.length, values.length);
  const sums = new Map<string | number, { total: number; count: number }>();
  for (let index = 0; index < values.length; index += 1) {
    const id = sampleIds[index] ?? '';
    const value = values[index] ?? 0;
    const sum = sums.get(id);
    if (sum === undefined) {
      sums.set(id, { total: value, count: 1 });
    } else {
      sum.total += value;
      sum.count += 1;
    }
  }
  return {
    samples: [...sums.keys()],
    means: Float64Array.from(sums.values(), ({ total, count }) => total / count),
  };
}
