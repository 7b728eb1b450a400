/** Agreement of two raters beyond chance, such as a judge model and a person. */

import { requireSameLength } from '../check-arguments.ts';
import type { Clusters } from '../clusters.ts';
import { normalQuantile } from '../distributions/normal-quantile.ts';
import { studentTQuantile } from '../distributions/student-t.ts';
import { CONFIDENCE, type Estimate, type NoBound, requireConfidence, withoutInterval } from '../estimate.ts';
import { sumRatio } from '../ratio.ts';

/** A label that a rater gave. */
export type Label = string | number | boolean;

/** Rounding leaves a variance of 0 this far above it. */
const ROUNDING = 1e-15;

/**
 * Cohen's kappa of nominal labels (Cohen 1960) with the large-sample interval of Fleiss, Cohen and Everitt 1969
 * ("Large sample standard errors of kappa and weighted kappa"), cut to [-1, 1]. Where items share a cluster, the same
 * linearised terms are summed by cluster, with the factor C/(C-1) and Student's t with C-1 degrees of freedom.
 * value null = no items, or both raters used one and the same label only, so that chance explains everything.
 * Bounds null = also when nothing varies, as in perfect agreement.
 */
export function cohenKappa(
  a: ArrayLike<Label>,
  b: ArrayLike<Label>,
  clusters: Clusters | null = null,
  confidence = CONFIDENCE,
): Estimate {
  requireConfidence(confidence);
  requireSameLength('b', b.length, a.length);
  if (clusters !== null) requireSameLength('clusters', clusters.length, a.length);
  const n = a.length;
  if (n === 0) return withoutInterval(n, null, 'no values');
  const table = tabulate(a, b);
  const { observed, chance } = table;
  if (chance === 1) return withoutInterval(n, null, 'one label');
  const value = (observed - chance) / (1 - chance);
  const error = (clusters === null ? null : clusteredError(table, a, b, clusters)) ?? independentError(table, n);
  if (typeof error === 'string') return withoutInterval(n, value, error);
  const { standardError, degreesOfFreedom, ciMethod } = error;
  const p = (1 + confidence) / 2;
  const quantile = degreesOfFreedom === null ? normalQuantile(p) : studentTQuantile(p, degreesOfFreedom);
  const half = (quantile * standardError) / (1 - chance) ** 2;
  return { n, value, ciLow: Math.max(-1, value - half), ciHigh: Math.min(1, value + half), ciMethod, reason: null };
}

interface Table {
  readonly cells: readonly Cell[];
  /** Share of the items with two equal labels. */
  readonly observed: number;
  /** The share that chance explains; 1 = both raters used one and the same label only. */
  readonly chance: number;
  /** What one item with these labels adds to kappa, but for a constant and the factor (1 - chance)^2. */
  termOf(first: Label, second: Label): number;
}

function tabulate(a: ArrayLike<Label>, b: ArrayLike<Label>): Table {
  const n = a.length;
  const cells = countPairs(a, b);
  const [countA, countB] = [new Map<Label, number>(), new Map<Label, number>()];
  for (const { first, second, count } of cells) {
    countA.set(first, (countA.get(first) ?? 0) + count);
    countB.set(second, (countB.get(second) ?? 0) + count);
  }
  const agreements = cells.reduce((sum, { first, second, count }) => sum + (first === second ? count : 0), 0);
  const observed = agreements / n;
  const isOneLabel = agreements === n && cells.length === 1;
  const chance = [...countA].reduce((sum, [label, count]) => sum + count * (countB.get(label) ?? 0), 0) / n ** 2;
  return {
    ...{ cells, observed, chance: isOneLabel ? 1 : chance },
    termOf(first, second) {
      // Of the row of the second label and the column of the first, as the formula has it.
      const margins = ((countA.get(second) ?? 0) + (countB.get(first) ?? 0)) / n;
      return (first === second ? 1 - chance : 0) - margins * (1 - observed);
    },
  };
}

/** A standard error that lacks the factor 1 / (1 - chance)^2, or the reason why there is none. */
type KappaError =
  | {
      readonly standardError: number;
      /** null = that of many items. */
      readonly degreesOfFreedom: number | null;
      readonly ciMethod: 'kappa' | 'kappa-clusters';
    }
  | NoBound;

function independentError({ cells, observed, chance, termOf }: Table, n: number): KappaError {
  let variance = -((observed * chance - 2 * chance + observed) ** 2);
  for (const { first, second, count } of cells) variance += (count / n) * termOf(first, second) ** 2;
  if (variance <= ROUNDING) return n === 1 ? 'n too small' : 'no spread';
  return { standardError: Math.sqrt(variance / n), degreesOfFreedom: null, ciMethod: 'kappa' };
}

/** null = no two items share a cluster. */
function clusteredError(
  { termOf }: Table,
  a: ArrayLike<Label>,
  b: ArrayLike<Label>,
  clusters: Clusters,
): KappaError | null {
  const terms = Float64Array.from(clusters, (_, at) => termOf(checkedLabel(a[at]), checkedLabel(b[at])));
  const { standardError, degreesOfFreedom, isClustered, reason } = sumRatio(terms, null, clusters).error();
  if (!isClustered) return null;
  if (standardError === null || reason !== null) return reason ?? 'one cluster';
  if (standardError ** 2 * terms.length <= ROUNDING) return 'no spread';
  return { standardError, degreesOfFreedom, ciMethod: 'kappa-clusters' };
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
