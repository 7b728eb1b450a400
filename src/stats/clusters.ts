/** Samples that share an image, a clip or a document are not independent: they form clusters. */

/** One label an observation; null = on its own. */
export type Clusters = readonly (string | null)[];

/** Whether any label stands twice. */
export function haveRepeats(clusters: Clusters): boolean {
  const named = clusters.filter((cluster) => cluster !== null);
  return new Set(named).size < named.length;
}

/** Sums per cluster; without labels every value is its own. */
export function clusterSums(values: readonly number[], clusters: Clusters): readonly number[] {
  const sums = new Map<string | number, number>();
  for (const [index, value] of values.entries()) {
    const cluster = clusters[index] ?? index;
    sums.set(cluster, (sums.get(cluster) ?? 0) + value);
  }
  return [...sums.values()];
}
