/** Detects samples that changed after the check: a run reads its manifest again while it sends. */

import { free, freeable } from './freeable.ts';

export interface Fingerprints {
  /** `index` is the row of the sample in the manifest, `contentHash` comes from `dataset/content-hash.ts`. */
  add(index: number, contentHash: string): void;
  has(index: number, contentHash: string): boolean;
}

/** Keeps 4 bytes for each row: one change in 4 billion is not detected. */
export function createFingerprints(): Fingerprints {
  /** 0 = the row is not part of the run. */
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
