/** Reads what token rules need to know of a file from its header, once for each file. */

import type { Media } from '../types.ts';
import { audioHeader } from './audio-header.ts';
import { type MediaBytes, withByteSource } from './byte-source.ts';
import { imageHeader } from './image-header.ts';
import type { MediaFacts } from './media-facts.ts';

/** Reads a file's facts by its media type (`image/*`, `audio/*`). Never throws for what the file is or holds. */
export async function mediaFacts(source: MediaBytes, mediaType: string): Promise<MediaFacts> {
  try {
    return await withByteSource(source, (bytes) => {
      if (mediaType.startsWith('image/')) return imageHeader(bytes);
      if (mediaType.startsWith('audio/')) return audioHeader(bytes, mediaType);
      return Promise.resolve({ type: 'unreadable', message: `${mediaType} is neither an image nor sound` } as const);
    });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    return { type: 'unreadable', message: reason };
  }
}

/** Facts of a manifest's media; null for a URL, whose bytes are not ours to read. */
export type ReadFacts = (media: Media) => Promise<MediaFacts | null>;

/** About 10 MB of entries. */
const DEFAULT_ENTRIES = 20_000;

/** Reads each file once however many models and samples use it, remembering the latest by content. */
export function mediaFactsReader(maxEntries: number = DEFAULT_ENTRIES): ReadFacts {
  const latest = new Map<string, Promise<MediaFacts>>();
  return async (media) => {
    if (media.type === 'url') return null;
    const key = `${media.mediaType} ${media.sha256}`;
    const known = latest.get(key);
    const facts = known ?? mediaFacts(bytesOf(media), media.mediaType);
    latest.delete(key);
    latest.set(key, facts);
    if (latest.size > maxEntries) for (const oldest of latest.keys()) if (latest.delete(oldest)) break;
    return facts;
  };
}

function bytesOf(media: Exclude<Media, { readonly type: 'url' }>): MediaBytes {
  return media.type === 'file' ? { path: media.path } : { bytes: Buffer.from(media.base64, 'base64') };
}
