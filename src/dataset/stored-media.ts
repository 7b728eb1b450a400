/** The folder in which media from other places are kept as files, under their hash: `.earsight/media` beside the data set. */

import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { sniffMediaType } from './sniff.ts';

/** Relative to the folder of the data set, with `/`. */
export const STORED_MEDIA = '.earsight/media';

/** Hexadecimal digits of the hash in a file name: 128 bits. */
const NAME_LENGTH = 32;

/** Usual endings of file names; other types are rare enough for the second half of their name. */
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
};

/** The file of a medium in the folder. `sha256` is lower-case hex. */
export function storedName(sha256: string, bytes: Uint8Array): string {
  const mediaType = sniffMediaType(bytes);
  const ending = mediaType === undefined ? 'bin' : (ENDINGS[mediaType] ?? mediaType.split('/')[1]);
  return `${sha256.slice(0, NAME_LENGTH)}.${ending}`;
}

/**
 * Makes the folder of a data set; returns its path. `mode` are its permissions, before the umask.
 * @throws {Error} when it cannot be made, or is a link.
 */
export function makeStoredMedia(datasetFolder: string, mode?: number): string {
  const root = join(datasetFolder, STORED_MEDIA);
  // A data set of somebody else may contain `.earsight` as a link to any folder.
  for (const path of [dirname(root), root]) {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw new Error(`${path} is a link`);
    makeFolder(path, mode);
  }
  return root;
}
