/** Agreement of two raters beyond chance, such as a judge model and a person. */

import { requireSameLength } from './check-arguments.ts';
import { normalQuantile } from './distributions/normal-quantile.ts';
import { CONFIDENCE, type Estimate, requireConfidence, withoutInterval } from './estimate.ts';

/** A label that a rater gave. */
export type Label = string | number | boolean;

/** Rounding leaves a variance of 0 this far above it. */
const ROUNDING = 1e-15;

/**
 * Cohen's kappa of nominal labels (Cohen 1960) with the large-sample interval of Fleiss, Cohen and Everitt 1969
 * ("Large sample standard errors of kappa and weighted kappa"), cut to [-1, 1].
 * value null = no items, or both raters used one and the same label only, so that chance explains everything.
 * Bounds null = also when nothing varies, as in perfect agreement.
 */
export function cohenKappa(a: ArrayLike<Label>, b: ArrayLike<Label>, confidence = CONFIDENCE): Estimate {
  requireConfidence(confidence);
  requireSameLength('b', b.length, a.length);
  const n = a.length;
  if (n === 0) return withoutInterval(n, null, 'no values');
  const cells = countPairs(a, b);
  const [countA, countB] = [new Map<Label, number>(), new Map<Label, number>()];
  for (const { first, second, count } of cells) {
    countA.set(first, (countA.get(first) ?? 0) + count);
    countB.set(second, (countB.get(second) ?? 0) + count);
  }
  const agreements = cells.reduce((sum, { first, second, count }) => sum + (first === second ? count : 0), 0);
  if (agreements === n && cells.length === 1) return withoutInterval(n, null, 'one label');
  const observed = agreements / n;
  const chance = [...countA].reduce((sum, [label, count]) => sum + count * (countB.get(label) ?? 0), 0) / n ** 2;
  const value = (observed - chance) / (1 - chance);
  let variance = -((observed * chance - 2 * chance + observed) ** 2);
  for (const { first, second, count } of cells) {
    // Of the row of the second label and the column of the first, as the formula has it.
    const margins = ((countA.get(second) ?? 0) + (countB.get(first) ?? 0)) / n;
    const isAgreement = first === second;
    variance +=
      (count / n) * (isAgreement ? (1 - chance - margins * (1 - observed)) ** 2 : ((1 - observed) * margins) ** 2);
  }
  if (variance <= ROUNDING) return withoutInterval(n, value, n === 1 ? 'n too small' : 'no spread');
  const half = (normalQuantile((1 + confidence) / 2) * Math.sqrt(variance / n)) / (1 - chance) ** 2;
  const [ciLow, ciHigh] = [Math.max(-1, value - half), Math.min(1, value + half)];
  return { n, value, ciLow, ciHigh, ciMethod: 'kappa', reason: null };
}

interface Cell {
  readonly first: Label;
  readonly second: Label;
  count: number;
}

/** The cells of the table of labels that hold any items. */
function countPairs(a: ArrayLike<Label>, b: ArrayLike<Label>): readonly Cell[] {
  const rows = new Map<Label, Map<Label, Cell>>();
  for (let index = 0; index < a.length; index += 1) {
    const [first, second] = [checkedLabel(a[index]), checkedLabel(b[index])];
    const row = rows.get(first) ?? new Map<Label, Cell>();
    rows.set(first, row);
    const cell = row.get(second) ?? { first, second, count: 0 };
    row.set(second, cell);
    cell.count += 1;
  }
  return [...rows.values()].flatMap((row) => [...row.values()]);
}

function checkedLabel(label: Label | undefined): Label {
  if (label === undefined || (typeof label === 'number' && !Number.isFinite(label))) {
    throw new RangeError(`a label is ${label}; leave out items that a rater did not judge`);
  }
  return label;
}
