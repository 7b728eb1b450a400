/** Which slices of a dataset get figures of their own. */

import type { SampleCard } from '../result.ts';

export const ALL = 'all';

/** A metadata key with more values than this names samples, not slices. */
const MAX_VALUES = 20;

export interface Slices {
  /** The slices a sample belongs to, `all` first. */
  of(sample: SampleCard): readonly string[];
  /** False for the slices of a key that turned out to have too many values. */
  isKept(slice: string): boolean;
  readonly metadataKeys: () => readonly string[];
}

export function createSlices(): Slices {
  const valuesOfKey = new Map<string, Set<string>>();
  const keyOfSlice = new Map<string, string>();
  const record = (key: string, value: string): boolean => {
    const values = valuesOfKey.get(key) ?? new Set();
    valuesOfKey.set(key, values);
    // One more is remembered, to know that there are too many; what they are is of no use then.
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
