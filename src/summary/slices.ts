/** Decides which slices of a dataset get their own rows in the summary. */

import type { SampleCard } from '../result.ts';

export const ALL = 'all';

/** A metadata key with more values than this identifies samples, e.g. a file name, and makes no slices. */
const MAX_VALUES = 20;

export interface Slices {
  /** The slices a sample belongs to, `all` first. */
  of(sample: SampleCard): readonly string[];
  /** False for the slices of a key that has too many values. */
  isKept(slice: string): boolean;
  readonly metadataKeys: () => readonly string[];
}

export function createSlices(): Slices {
  const valuesOfKey = new Map<string, Set<string>>();
  const keyOfSlice = new Map<string, string>();
  const record = (key: string, value: string): boolean => {
    const values = valuesOfKey.get(key) ?? new Set();
    valuesOfKey.set(key, values);
    // One value above the limit is kept, which marks the key as one with too many values.
    if (values.size <= MAX_VALUES) values.add(value);
    return values.size <= MAX_VALUES;
  };
  const fewValues = (key: string) => (valuesOfKey.get(key)?.size ?? 0) <= MAX_VALUES;
  return {
    of({ metadata, tags }) {
      const pairs = [
        ...Object.entries(metadata).map(([key, value]) => [`meta.${key}`, value] as const),
        ...tags.map((tag) => ['tag', tag] as const),
      ];
      const slices = pairs.flatMap(([key, value]) => {
        if (value === '' || !record(key, value)) return [];
        const slice = `${key}=${value}`;
        keyOfSlice.set(slice, key);
        return [slice];
      });
      return [ALL, ...slices];
    },
    isKept: (slice) => fewValues(keyOfSlice.get(slice) ?? ''),
    metadataKeys: () =>
      [...valuesOfKey.keys()].flatMap((key) => (key.startsWith('meta.') ? [key.slice('meta.'.length)] : [])).sort(),
  };
}
