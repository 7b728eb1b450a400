/** Keeps encoded media within a budget of bytes; simultaneous requests for the same medium encode it once. */

import type { EncodedMedia } from '../io.ts';

/** Encoded media by key. */
export interface EncodedCache {
  /** The medium of a key, made by `make` unless it is kept or being made. A failure is not kept: the next call tries again. */
  get(key: string, make: () => Promise<EncodedMedia>): Promise<EncodedMedia>;
}

/** Makes a cache of `maxBytes` of base64 text. It drops the least recently used items first and never keeps a larger one. */
export function createEncodedCache(maxBytes: number): EncodedCache {
  // A map remembers the order of insertion: the first key is the least recently used.
  const kept = new Map<string, EncodedMedia>();
  const making = new Map<string, Promise<EncodedMedia>>();
  let keptBytes = 0;

  const keep = (key: string, media: EncodedMedia) => {
    if (media.base64.length > maxBytes) return;
    kept.set(key, media);
    keptBytes += media.base64.length;
    for (const [oldest, { base64 }] of kept) {
      if (keptBytes <= maxBytes) return;
      kept.delete(oldest);
      keptBytes -= base64.length;
    }
  };

  const makeOnce = async (key: string, make: () => Promise<EncodedMedia>) => {
    try {
      const media = await make();
      keep(key, media);
      return media;
    } finally {
      making.delete(key);
    }
  };

  return {
    get(key, make) {
      const media = kept.get(key);
      if (media !== undefined) {
        kept.delete(key);
        kept.set(key, media);
        return Promise.resolve(media);
      }
      const pending = making.get(key) ?? makeOnce(key, make);
      making.set(key, pending);
      return pending;
    },
  };
}
