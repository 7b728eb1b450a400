/** Counts which label was answered for which, and works out precision, recall and F1 of each class. */

import type { ClassFigures, ClassReport } from '../report.ts';
import type { Result } from '../result.ts';

/** Scorers of labels count cells of the matrix under such names: `<target> → <answer>`. */
const ARROW = ' → ';

/** Different cells that are counted of each model and scorer: more labels than anybody tells apart in a table. */
const MAX_CELLS = 10_000;

export interface Classes {
  add(result: Result): void;
  /** In configuration order; empty without a scorer of labels. */
  list(): readonly ClassReport[];
}

/** `modelIds` in configuration order. */
export function createClasses(modelIds: readonly string[]): Classes {
  const models = new Map(modelIds.map((id) => [id, new Map<string, Map<string, number>>()]));
  return {
    add({ modelId, scores }) {
      for (const { scorer, counts = {} } of scores) {
        const cells = models.get(modelId)?.get(scorer) ?? new Map<string, number>();
        for (const [cell, count] of Object.entries(counts))
          if (cell.includes(ARROW) && (cells.has(cell) || cells.size < MAX_CELLS))
            cells.set(cell, (cells.get(cell) ?? 0) + count);
        if (cells.size > 0) models.get(modelId)?.set(scorer, cells);
      }
    },
    list: () =>
      [...models].flatMap(([model, scorers]) =>
        [...scorers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([scorer, cells]) => classReport(model, scorer, cells)),
      ),
  };
}

interface MatrixCell {
  readonly target: string;
  /** Empty = it could not be read. */
  readonly answer: string;
  readonly count: number;
}

/**
 * Precision = right / answered so, recall = right / targets, F1 = 2 right / (answered so + targets); null where the
 * denominator is 0. Macro F1 is the mean over all labels that are a target or an answer. An answer that could not be read is
 * wrong for its target, and no class of its own.
 */
export function classReport(model: string, scorer: string, cells: ReadonlyMap<string, number>): ClassReport {
  const matrix = [...cells].map(([cell, count]): MatrixCell => {
    const at = cell.lastIndexOf(ARROW);
    return { target: cell.slice(0, at), answer: cell.slice(at + ARROW.length), count };
  });
  const labels = [...new Set(matrix.flatMap(({ target, answer }) => [target, answer]))].filter((label) => label !== '');
  const total = (has: (cell: MatrixCell) => boolean) =>
    matrix.reduce((sum, cell) => (has(cell) ? sum + cell.count : sum), 0);
  const classes = labels.sort().map((label): ClassFigures => {
    const targets = total(({ target }) => target === label);
    const answers = total(({ answer }) => answer === label);
    const right = total(({ target, answer }) => target === label && answer === label);
    const f1 = (2 * right) / (targets + answers);
    return { label, targets, answers, right, precision: ratio(right, answers), recall: ratio(right, targets), f1 };
  });
  return {
    ...{ model, scorer, classes },
    macroF1: ratio(
      classes.reduce((sum, { f1 }) => sum + f1, 0),
      classes.length,
    ),
    unread: total(({ answer }) => answer === ''),
    matrix: matrix.sort((a, b) => compare(a.target, b.target) || compare(a.answer, b.answer)),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
