/** Counts the models that variants make. */

import { membersOf, type TreeProblem, valueAt } from './tree-problem.ts';

/** Models that a run compares: each has columns of its own in the wide table. */
const MAX_CROSSED = 10_000;

/** Each model with each variant. */
function crossedCount(tree: unknown): number {
  const [models, variants] = ['models', 'variants'].map((list) => membersOf(valueAt(tree, [list])).length);
  return (models ?? 0) * Math.max(1, variants ?? 0);
}

/** More models than a run can compare. */
export function crossedProblems(tree: unknown): readonly TreeProblem[] {
  const count = crossedCount(tree);
  if (count <= MAX_CROSSED) return [];
  const message = `models and variants give ${count} models, more than ${MAX_CROSSED}`;
  return [{ path: ['models'], message, hint: 'compare fewer at once' }];
}
