/** Agreement of any number of raters beyond chance, of whom some may have skipped an item. */

import { type Estimate, withoutInterval } from '../estimate.ts';
import type { Label } from './kappa.ts';

/** Items are added one by one; memory grows only with the number of different labels. */
export interface KrippendorffAlpha {
  /** The labels that raters gave to one item; with fewer than two, the item says nothing about agreement. */
  add(labels: readonly Label[]): void;
  estimate(): Estimate;
}

/**
 * Krippendorff's alpha of nominal labels, 1 - observed / expected disagreement (Krippendorff 2011, "Computing Krippendorff's
 * alpha-reliability"), without an interval. `n` counts items with at least two labels. value null = there are none, or all
 * labels are the same, so that chance explains everything.
 */
export function createAlpha(): KrippendorffAlpha {
  const totals = new Map<Label, number>();
  let items = 0;
  let disagreement = 0;
  return {
    add(labels) {
      if (labels.length < 2) return;
      items += 1;
      const counts = new Map<Label, number>();
      for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
      for (const [label, count] of counts) {
        totals.set(label, (totals.get(label) ?? 0) + count);
        disagreement += (count * (labels.length - count)) / (labels.length - 1);
      }
    },
    estimate() {
      const n = [...totals.values()].reduce((sum, count) => sum + count, 0);
      const expected = n * n - [...totals.values()].reduce((sum, count) => sum + count * count, 0);
      if (items === 0) return withoutInterval(0, null, 'no values');
      if (expected === 0) return withoutInterval(items, null, 'one label');
      return withoutInterval(items, 1 - ((n - 1) * disagreement) / expected);
    },
  };
}
