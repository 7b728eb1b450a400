/** The sums of each cluster, in typed arrays: a run may have a million clusters for each of its figures. */

/** The slot of a cluster, from 0; slots that no observation has cost memory, but do not count. */
export type SlotOf = (cluster: string | number) => number;

export interface ClusterSums {
  /** Adds an observation. */
  add(cluster: string | number, residual: number, denominator: number): void;
  /** Clusters with an observation. */
  readonly size: () => number;
  /** The sum over all clusters of the square of residual less `shift` times denominator. */
  squares(shift: number): number;
}

/** Gives each label the next slot when it first comes. */
function slotsInOrder(): SlotOf {
  const slots = new Map<string | number, number>();
  return (cluster) => {
    const slot = slots.get(cluster) ?? slots.size;
    if (slot === slots.size) slots.set(cluster, slot);
    return slot;
  };
}

/** Slots at first; they double. */
const INITIAL_SLOTS = 16;

/** Without `slotOf`, clusters have any labels, which are kept. */
export function createClusterSums(slotOf: SlotOf = slotsInOrder()): ClusterSums {
  let residuals = new Float64Array();
  let counts = new Uint32Array();
  /** null = each observation has a denominator of 1, as in a mean: their number is the sum. */
  let denominators: Float64Array | null = null;
  let size = 0;

  const grow = (slot: number) => {
    const length = Math.max(slot + 1, 2 * counts.length, INITIAL_SLOTS);
    residuals = copyTo(new Float64Array(length), residuals);
    counts = copyTo(new Uint32Array(length), counts);
    if (denominators !== null) denominators = copyTo(new Float64Array(length), denominators);
  };

  return {
    add(cluster, residual, denominator) {
      const slot = slotOf(cluster);
      if (slot >= counts.length) grow(slot);
      if (denominators === null && denominator !== 1) denominators = Float64Array.from(counts);
      if (counts[slot] === 0) size += 1;
      residuals[slot] = (residuals[slot] ?? 0) + residual;
      counts[slot] = (counts[slot] ?? 0) + 1;
      if (denominators !== null) denominators[slot] = (denominators[slot] ?? 0) + denominator;
    },
    size: () => size,
    squares(shift) {
      const weights = denominators ?? counts;
      let squares = 0;
      for (const [slot, residual] of residuals.entries()) squares += (residual - shift * (weights[slot] ?? 0)) ** 2;
      return squares;
    },
  };
}

function copyTo<T extends Float64Array | Uint32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
