/** The A/B verdicts of a journal: the newest of each sample, pair of models, judge and instructions. */

import type { Result } from '../../result.ts';
import type { PreferenceLine } from '../lines/preference-line.ts';

export interface StoredPreferences {
  add(line: PreferenceLine): void;
  /** A newer answer of the model makes verdicts about the earlier one void. */
  forget(result: Pick<Result, 'sampleKey' | 'modelId'>): void;
  clear(): void;
  /** In the order of the journal. */
  list(): readonly PreferenceLine[];
}

export function createPreferences(): StoredPreferences {
  /** By sample, so that a result is looked up at once. */
  const samples = new Map<string, Map<string, PreferenceLine>>();
  return {
    add(line) {
      const own = samples.get(line.sampleKey) ?? new Map<string, PreferenceLine>();
      samples.set(line.sampleKey, own);
      const { judge, promptHash, a, b } = line;
      const key = JSON.stringify([judge, promptHash, a.runId, a.modelId, b.runId, b.modelId]);
      // The newest is the last one.
      own.delete(key);
      own.set(key, line);
    },
    forget({ sampleKey, modelId }) {
      const own = samples.get(sampleKey);
      if (own === undefined) return;
      for (const [key, { a, b }] of own) if (a.modelId === modelId || b.modelId === modelId) own.delete(key);
    },
    clear: () => samples.clear(),
    list: () => [...samples.values()].flatMap((own) => [...own.values()]),
  };
}
