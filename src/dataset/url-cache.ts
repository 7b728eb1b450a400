/** Keeps media behind URLs between runs, beside the data set: a server that says they have not changed sends nothing. */

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFile } from '../files/write-file.ts';
import type { MediaContent } from '../media/codec.ts';
import { isRecord } from '../text/is-record.ts';
import { readUnchanged } from './media-file.ts';
import { sniffMediaType } from './sniff.ts';
import { makeStoredMedia, STORED_MEDIA, storedName } from './stored-media.ts';

/** How a server recognises what it has sent before (RFC 9110, 8.8); it is asked with the same words. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** A medium with what its server needs to recognise it; null = the server gave nothing, or forbids keeping it. */
export interface FetchedMedia extends MediaContent {
  readonly validators: Validators | null;
}

export interface KeptMedia extends MediaContent {
  readonly validators: Validators;
}

export interface UrlCache {
  /** What is kept of a URL; null = nothing, or its bytes no longer have their hash. */
  find(url: string): Promise<KeptMedia | null>;
  /** Keeps a medium that its server can recognise. Never throws: the caller has the medium. */
  keep(url: string, media: FetchedMedia): Promise<void>;
}

const MODE = { file: 0o600, folder: 0o700 };

/** Longer ones are not kept; real ones have less than a hundred characters. */
const MAX_VALIDATOR = 1000;

/** `datasetFolder` holds the manifest. Nothing is made there before the first medium is kept. */
export function openUrlCache(datasetFolder: string): UrlCache {
  const root = join(datasetFolder, STORED_MEDIA);
  // A URL may hold a signature, so only its hash is written.
  const entryName = (url: string) => `url-${hash('sha256', url).slice(0, 32)}.json`;
  return {
    async find(url) {
      const entry = readEntry(join(root, entryName(url)));
      if (entry === null) return null;
      const bytes = await readUnchanged(join(root, entry.file), entry);
      if (!Buffer.isBuffer(bytes)) return null;
      const mediaType = sniffMediaType(bytes);
      return mediaType === undefined ? null : { bytes, mediaType, validators: entry.validators };
    },
    async keep(url, { bytes, validators }) {
      if (validators === null) return;
      const sha256 = hash('sha256', bytes);
      const entry: Entry = { file: storedName(sha256, bytes), sha256, byteLength: bytes.length, validators };
      try {
        makeStoredMedia(datasetFolder, MODE.folder);
        await writeFile(join(root, entry.file), [bytes], { mode: MODE.file });
        await writeFile(join(root, entryName(url)), [JSON.stringify(entry)], { mode: MODE.file });
      } catch {
        // A full disk, a folder that cannot be written, a link in its place: the next run fetches it again.
      }
    },
  };
}

interface Entry {
  /** In the same folder. */
  readonly file: string;
  readonly sha256: string;
  readonly byteLength: number;
  readonly validators: Validators;
}

/** An entry may come with a data set of somebody else: it names a file of this folder, and nothing that breaks a header. */
function readEntry(path: string): Entry | null {
  try {
    const entry: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isRecord(entry)) return null;
    const { file, sha256, byteLength, validators } = entry;
    if (typeof file !== 'string' || !/^[0-9a-f]{32}\.[a-z0-9]+$/u.test(file)) return null;
    if (typeof sha256 !== 'string' || typeof byteLength !== 'number' || !isRecord(validators)) return null;
    const checked = validatorsOf(validators['etag'], validators['lastModified']);
    return checked === null ? null : { file, sha256, byteLength, validators: checked };
  } catch {
    // There is none, or it is damaged: the medium is fetched.
    return null;
  }
}

/** The validators of a response; null = it has none. */
export function validatorsOf(etag: unknown, lastModified: unknown): Validators | null {
  const isWord = (value: unknown): value is string =>
    typeof value === 'string' && value.length <= MAX_VALIDATOR && /^[\x20-\x7e]+$/u.test(value);
  if (!isWord(etag) && !isWord(lastModified)) return null;
  return { ...(isWord(etag) ? { etag } : {}), ...(isWord(lastModified) ? { lastModified } : {}) };
}
