/** Checks the judges of a configuration: models that only the scorer `judge` asks. */

import { isRecord } from '../text/is-record.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import type { ModelConfig, ScorerConfig } from '../types.ts';
import { membersOf, type TreePath, type TreeProblem, valueAt } from './tree-problem.ts';

/** The judges that a scorer asks; empty = it asks none. */
export function judgesOf({ name, model, models }: ScorerConfig): readonly string[] {
  if (name !== 'judge') return [];
  const named = Array.isArray(models) ? models : [model];
  return named.filter((id) => typeof id === 'string');
}

/** Why a scorer cannot ask its judge; null = it can, or asks none. */
export function judgeProblem(scorer: ScorerConfig, judges: readonly Pick<ModelConfig, 'id'>[]) {
  const ids = judges.map(({ id }) => id);
  const wanted = judgesOf(scorer).find((id) => !ids.includes(id));
  if (wanted === undefined) return null;
  const hint =
    ids.length === 0 ? 'give a model of the configuration `role: judge`, and name its id' : suggest(wanted, ids);
  return { message: `scorer "judge": there is no judge ${quote(wanted)}`, hint };
}

/** Whether a scorer of the configuration asks the judge with this id. */
export function isDefaultJudge(tree: unknown, id: unknown): boolean {
  return membersOf(valueAt(tree, ['scorers'])).some(
    ([, scorer]) => isRecord(scorer) && scorer['name'] === 'judge' && scorer['model'] === id,
  );
}

interface Parts {
  readonly models: readonly { readonly isJudge: boolean; readonly models: readonly ModelConfig[] }[];
  readonly scorers: readonly { readonly index: TreePath[number]; readonly scorer: ScorerConfig }[];
}

/** Settings of judges without an effect, scorers whose judge is not there, and a configuration that compares nothing. */
export function judgeProblems(tree: unknown, { models, scorers }: Parts): readonly TreeProblem[] {
  const entries = membersOf(valueAt(tree, ['models']));
  const isJudge = (index: TreePath[number]) => valueAt(tree, ['models', index, 'role']) === 'judge';
  const judges = models.flatMap((entry) => (entry.isJudge ? entry.models : []));
  // A judge with a problem of its own is there all the same.
  const named = entries.flatMap(([index]) => {
    const id = valueAt(tree, ['models', index, 'id']);
    return isJudge(index) && typeof id === 'string' ? [{ id }] : [];
  });
  return [
    ...(entries.length > 0 && entries.every(([index]) => isJudge(index))
      ? [{ path: ['models'], message: 'all models are judges', hint: 'add a model without `role: judge`' }]
      : []),
    ...entries.flatMap(([index]): readonly TreeProblem[] => {
      const path = ['models', index, 'template'];
      if (!isJudge(index) || valueAt(tree, path) === undefined) return [];
      return [{ path, message: 'a judge has no template', hint: 'write the rubric of the scorer instead' }];
    }),
    ...scorers.flatMap(({ index, scorer }): readonly TreeProblem[] => {
      const problem = judgeProblem(scorer, [...judges, ...named]);
      return problem === null
        ? []
        : [{ path: ['scorers', index, scorer['models'] === undefined ? 'model' : 'models'], ...problem }];
    }),
  ];
}
