/** Tells whether a sample is still what was checked: a run reads its manifest again while it sends. */

import { free, freeable } from './freeable.ts';

export interface Fingerprints {
  /** `index` is the sample's place in the manifest, `contentHash` that of `dataset/identity.ts`. */
  add(index: number, contentHash: string): void;
  has(index: number, contentHash: string): boolean;
}

/** 4 bytes a row: one change in 4 billion goes unseen. */
export function createFingerprints(): Fingerprints {
  /** 0 = no sample that takes part. */
  let words = freeable(Uint32Array, 1024);
  return {
    add(index, contentHash) {
      if (index >= words.length) {
        const grown = freeable(Uint32Array, Math.max(index + 1, 2 * words.length));
        grown.set(words);
        free(words);
        words = grown;
      }
      words[index] = wordOf(contentHash);
    },
    has: (index, contentHash) => words[index] === wordOf(contentHash),
  };
}

function wordOf(contentHash: string): number {
  const word = Number.parseInt(contentHash.slice(0, 8), 16);
  return word === 0 ? 1 : word;
}
