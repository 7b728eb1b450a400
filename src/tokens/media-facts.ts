/** What token rules need to know of a file, read from its header: pixels and orientation, or length and sample rate. */

import type { Media } from '../types.ts';
import { audioHeader } from './audio-header.ts';
import { type MediaBytes, withByteSource } from './byte-source.ts';
import { imageHeader } from './image-header.ts';

/** A file's facts, or why it has none; an unreadable file is a value, so that one bad sample stops no other. */
export type MediaFacts =
  | {
      readonly type: 'image';
      /** Stored pixels, before any turning; at least 1. */
      readonly width: number;
      readonly height: number;
      /** EXIF, 1 (upright) to 8. */
      readonly orientation: number;
    }
  | {
      readonly type: 'audio';
      /** Above 0. */
      readonly seconds: number;
      /** Hz; null = the container does not say. */
      readonly sampleRate: number | null;
      readonly channels: number | null;
    }
  | {
      readonly type: 'unreadable';
      /** Completes "the file cannot be used: ...". */
      readonly message: string;
    };

/** Why a medium cannot be sent as an image or sound; null when it can, or when its bytes are not here (null facts). */
export function whyUnusable(facts: MediaFacts | null, type: 'image' | 'audio'): string | null {
  if (facts === null || facts.type === type) return null;
  return facts.type === 'unreadable' ? facts.message : `it is ${facts.type}, not ${type}`;
}

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
