/** Reads the facts of media files from their headers, once for each file. */

import { hash } from 'node:crypto';
import { type ByteSource, type MediaBytes, withByteSource } from '../media/byte-source.ts';
import { pageSize, readPdf } from '../media/pdf.ts';
import type { PageOfDocument } from '../media-transform.ts';
import type { Media } from '../types.ts';
import { audioHeader } from './audio-header.ts';
import { imageHeader } from './image-header.ts';
import type { MediaFacts } from './media-facts.ts';
import { videoHeader } from './video-header.ts';

/** Reads the facts of a file by its media type. Never throws for invalid files. */
export async function mediaFacts(source: MediaBytes, mediaType: string): Promise<MediaFacts> {
  try {
    return await withByteSource(source, async (bytes) => {
      if (mediaType.startsWith('image/')) return imageHeader(bytes);
      if (mediaType.startsWith('audio/')) return audioHeader(bytes, mediaType);
      if (mediaType.startsWith('video/')) return videoHeader(bytes, mediaType);
      if (mediaType === 'application/pdf') return documentFacts(bytes);
      return { type: 'unreadable', message: `${mediaType} is no type of media that is known` } as const;
    });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
    return { type: 'unreadable', message: reason };
  }
}

async function documentFacts(source: ByteSource): Promise<MediaFacts> {
  const bytes = await source.read(0, source.byteLength);
  const facts = await readPdf(hash('sha256', bytes), async () => bytes);
  if (facts === null) return { type: 'unreadable', message: 'the optional package @hyzyla/pdfium is not installed' };
  return 'pages' in facts ? { type: 'document', ...facts } : { type: 'unreadable', message: `it ${facts.message}` };
}

/** Reads the facts of media in a manifest; null for a URL, which is not fetched, and for a HEIC without a readable size. */
export type ReadFacts = (media: Media) => Promise<MediaFacts | null>;

/** About 10 MB of entries. */
const DEFAULT_ENTRIES = 20_000;

/** Reads each file once for all models and samples and remembers the latest by content. */
export function mediaFactsReader(maxEntries: number = DEFAULT_ENTRIES): ReadFacts {
  const latest = new Map<string, Promise<MediaFacts | null>>();
  return async (media) => {
    if (media.type === 'url') return null;
    if (media.page !== undefined) return pageFacts(media, media.page);
    // Their text is kept elsewhere, within a limit of its own.
    if (media.mediaType === 'application/pdf') return factsOf(media);
    const key = `${media.mediaType} ${media.sha256}`;
    const known = latest.get(key);
    const facts = known ?? factsOf(media);
    latest.delete(key);
    latest.set(key, facts);
    if (latest.size > maxEntries) for (const oldest of latest.keys()) if (latest.delete(oldest)) break;
    return facts;
  };
}

/** The image of a page, as it will be made. */
async function pageFacts(
  media: Exclude<Media, { readonly type: 'url' }>,
  { number, dpi }: PageOfDocument,
): Promise<MediaFacts | null> {
  const bytes = await bytesOf(media).catch(() => null);
  if (bytes === null) return null;
  const facts = await mediaFacts(bytes, 'application/pdf');
  if (facts.type !== 'document') return facts;
  const page = facts.pages[number - 1];
  return page === undefined ? null : { type: 'image', ...pageSize(page, dpi), orientation: 1 };
}

async function factsOf(media: Exclude<Media, { readonly type: 'url' }>): Promise<MediaFacts | null> {
  const bytes = await bytesOf(media).catch(() => null);
  // Whether a medium behind a URL can still be read is said where it is sent.
  if (bytes === null) return null;
  const facts = await mediaFacts(bytes, media.mediaType);
  // The size is deep in a container of many versions: that it is not found does not mean that the photo is broken.
  return facts.type === 'unreadable' && HEIF.includes(media.mediaType) ? null : facts;
}

const HEIF: readonly string[] = ['image/heic', 'image/heif'];

/** Where the bytes of a file or of inline media are; those below a URL are read. */
export async function bytesOf(media: Exclude<Media, { readonly type: 'url' }>): Promise<MediaBytes> {
  if (media.type === 'remote') return { bytes: await media.read() };
  return media.type === 'file' ? { path: media.path } : { bytes: Buffer.from(media.base64, 'base64') };
}
