/** Keeps of the labels of a scorer what fits on the page; `report.json` has them all. */

import type { ClassReport } from '../../report.ts';
import type { PageLabels } from './page-data.ts';

/** Labels with figures of their own. */
const MAX_LABELS = 50;

/** More labels make a matrix that nobody reads. */
const MAX_MATRIX = 14;

/** Pairs of labels that are named. */
const MAX_MISTAKES = 12;

/** The most frequent targets are kept, in the order of their names. */
export function pageLabels({ classes, matrix, ...report }: ClassReport): PageLabels {
  const frequent = [...classes].sort((a, b) => b.targets + b.answers - (a.targets + a.answers)).slice(0, MAX_LABELS);
  const kept = new Set(frequent);
  return {
    ...report,
    classes: classes.filter((one) => kept.has(one)),
    more: classes.length - kept.size,
    matrix: classes.length > MAX_MATRIX ? [] : matrix,
    mistakes: matrix
      .filter(({ target, answer }) => target !== answer)
      .sort((a, b) => b.count - a.count)
      .slice(0, MAX_MISTAKES),
  };
}
