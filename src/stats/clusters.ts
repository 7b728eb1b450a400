/** Samples that are not independent: about the same image, clip or document. */

import { requireFinite, requireSameLength } from './check-arguments.ts';

/** Observations with the same id belong together; null = on its own. */
export type ClusterId = string | number | null;

/** One id an observation. */
export type Clusters = ArrayLike<ClusterId>;

/** The sum of each cluster in the order of its first value; without ids the values themselves, in a new array. */
export function sumClusters(values: ArrayLike<number>, clusters: Clusters | null): Float64Array {
  requireFinite('values', values);
  if (clusters === null) return Float64Array.from(values);
  requireSameLength('clusters', clusters.length, values.length);
  const sums: number[] = [];
  const positions = new Map<string | number, number>();
  for (let index = 0; index < values.length; index += 1) {
    const id = clusters[index] ?? null;
    const position = id === null ? undefined : positions.get(id);
    if (position !== undefined) {
      sums[position] = (sums[position] ?? 0) + (values[index] ?? 0);
      continue;
    }
    if (id !== null) positions.set(id, sums.length);
    sums.push(values[index] ?? 0);
  }
  return Float64Array.from(sums);
}
