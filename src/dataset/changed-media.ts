/** Applies the media settings of a model when media are loaded, and remembers what was made of them. */

import type { MediaRules, SentMedia } from '../media-transform.ts';
import type { Media, MediaLoader } from '../types.ts';

/** Media that are remembered, about 300 bytes each: many more than the cells in flight have. */
const MOST_REMEMBERED = 20_000;

export interface ChangedMedia extends MediaLoader {
  /** null = its own bytes are sent, or it was not loaded lately. */
  derivedOf(media: Media): SentMedia | null;
}

export function changedMedia(loader: MediaLoader, rules: MediaRules): ChangedMedia {
  const made = new Map<string, SentMedia>();
  const keyOf = (media: Media) => (media.type === 'url' ? media.uri : media.sha256);
  return {
    async load(media) {
      const encoded = await loader.load(media, rules);
      const { derived, mediaType, byteLength } = encoded;
      if (derived === undefined) return encoded;
      const key = keyOf(media);
      made.delete(key);
      made.set(key, { uri: media.uri, mediaType, byteLength, ...derived });
      if (made.size > MOST_REMEMBERED) for (const oldest of made.keys()) if (made.delete(oldest)) break;
      return encoded;
    },
    derivedOf: (media) => {
      const found = made.get(keyOf(media));
      return found === undefined ? null : { ...found, uri: media.uri };
    },
  };
}
