/** Counts the models that variants make. */

import { stressCount } from './stress/stress-steps.ts';
import { membersOf, type TreeProblem, valueAt } from './tree-problem.ts';

/** Models that a run compares: each has columns of its own in the wide table. */
const MAX_CROSSED = 10_000;

/** Each model with each variant, or as it is and with each step of a stress test. */
function crossedCount(tree: unknown): number {
  const models = membersOf(valueAt(tree, ['models'])).length;
  const variants = membersOf(valueAt(tree, ['variants'])).map(([, entry]) => ({
    steps: stressCount(entry),
    isStress: valueAt(entry, ['stress']) !== undefined,
  }));
  const plain = variants.every(({ isStress }) => !isStress) && variants.length > 0 ? 0 : 1;
  return models * variants.reduce((count, { isStress, steps }) => count + (isStress ? steps : 1), plain);
}

/** More models than a run can compare. */
export function crossedProblems(tree: unknown): readonly TreeProblem[] {
  const count = crossedCount(tree);
  if (count <= MAX_CROSSED) return [];
  const message = `models and variants give ${count} models, more than ${MAX_CROSSED}`;
  return [{ path: ['models'], message, hint: 'compare fewer at once' }];
}
