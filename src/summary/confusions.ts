/** Counts which words of transcripts were taken for which others, by model and scorer. */

import { CONFUSIONS_SHOWN, type WordConfusion } from '../report.ts';
import type { Result, Score } from '../result.ts';
import { isName } from '../text/member-checks.ts';

/** Different confusions that are counted of each model and scorer; the vocabulary of a language has no end. */
const MAX_CONFUSIONS = 50_000;

export interface Confusions {
  add(result: Result): void;
  /** The most frequent ones of each model and scorer, in configuration order. */
  list(): readonly WordConfusion[];
}

/** `modelIds` in configuration order. */
export function createConfusions(modelIds: readonly string[]): Confusions {
  /** By model, scorer, and the pair of words as JSON. */
  const models = new Map(modelIds.map((id) => [id, new Map<string, Map<string, number>>()]));
  return {
    add({ modelId, scores }) {
      for (const { scorer, alignment = [] } of scores) {
        const counts = models.get(modelId)?.get(scorer) ?? new Map<string, number>();
        for (const step of alignment) {
          const pair = pairOf(step);
          if (pair === null) continue;
          const key = JSON.stringify(pair);
          const count = counts.get(key);
          if (count !== undefined || counts.size < MAX_CONFUSIONS) counts.set(key, (count ?? 0) + 1);
        }
        if (counts.size > 0) models.get(modelId)?.set(scorer, counts);
      }
    },
    list: () =>
      [...models].flatMap(([model, scorers]) =>
        [...scorers].flatMap(([scorer, counts]) =>
          [...counts]
            .sort(([a, of], [b, than]) => than - of || (a < b ? -1 : 1))
            .slice(0, CONFUSIONS_SHOWN)
            .map(([key, count]): WordConfusion => {
              const [reference, answer]: readonly [string | null, string | null] = JSON.parse(key);
              return { model, scorer, reference, answer, count };
            }),
        ),
      ),
  };
}

/** null for words that were right, and for a step of a journal that holds something else. */
function pairOf(step: NonNullable<Score['alignment']>[number]): readonly [string | null, string | null] | null {
  const [kind, first, second = ''] = step;
  if (!isName(first) || !isName(second)) return null;
  if (kind === 'substituted') return [first, second];
  if (kind === 'deleted') return [first, null];
  return kind === 'inserted' ? [null, first] : null;
}
