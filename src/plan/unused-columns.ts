/** Finds columns that became metadata and that nothing uses: probably misnamed, or not meant to be read. */

import { placeholdersOf } from '../text/placeholders.ts';
import { quote } from '../text/quote.ts';
import type { ModelConfig, Sample, ScorerConfig } from '../types.ts';

/** Different values of a column that makes slices of the results; `summary/slices.ts` has the same number. */
const MAX_SLICE_VALUES = 20;

/** Columns that are followed, and those that a sentence names. */
const MAX_COLUMNS = 1000;
const MAX_NAMED = 8;

export interface ColumnUse {
  readonly models: readonly Pick<ModelConfig, 'template'>[];
  /** The configuration's prompt of rows without their own. */
  readonly prompt: string | undefined;
  /** Scorers of samples without their own. */
  readonly scorers: readonly ScorerConfig[];
}

/** Looks at each sample, and names at the end what is only copied to the results. `file` names the manifest. */
export function createColumnCheck(file: string, { models, prompt = '', scorers }: ColumnUse) {
  const used = new Set([
    ...placeholdersOf(prompt),
    ...models.flatMap(({ template = '' }) => placeholdersOf(template).map((name) => name.replace(/^meta\./, ''))),
  ]);
  const values = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const lookAtScorers = (list: readonly ScorerConfig[]) => {
    for (const scorer of list) {
      const text = JSON.stringify(scorer);
      if (seen.has(text)) continue;
      seen.add(text);
      if (scorer.name === 'choice') used.add('choices');
      // The options of a scorer may name a column in a text, such as the rubric of a judge.
      for (const name of placeholdersOf(text)) used.add(name.replace(/^meta\./, ''));
    }
  };
  lookAtScorers(scorers);
  return {
    look({ metadata, scorers: own }: Pick<Sample, 'metadata' | 'scorers'>): void {
      if (own !== undefined) lookAtScorers(own);
      for (const [key, value] of Object.entries(metadata)) {
        const known = values.get(key) ?? new Set();
        if (known.size <= MAX_SLICE_VALUES) known.add(value);
        if (values.size < MAX_COLUMNS) values.set(key, known);
      }
    },
    /** One sentence, or none. */
    warnings(): readonly string[] {
      const unused = [...values].filter(([key, { size }]) => size > MAX_SLICE_VALUES && !used.has(key));
      if (unused.length === 0) return [];
      const names = unused.slice(0, MAX_NAMED).map(([key]) => quote(key));
      const more = unused.length > names.length ? ` and ${unused.length - names.length} more` : '';
      const [what, those] = unused.length === 1 ? ['the column', 'it is'] : ['the columns', 'they are'];
      return [
        `${file}: nothing uses ${what} ${names.join(', ')}${more}: ${those} metadata with more than ${MAX_SLICE_VALUES} values, which makes no slices · rename what was meant as another column`,
      ];
    },
  };
}
