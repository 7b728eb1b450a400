/** Decides where the media of a converted manifest are: files stay where they are, embedded bytes become files beside it. */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import { realPath } from '../../files/real-path.ts';
import { writeFile } from '../../files/write-file.ts';
import type { Media, Sample } from '../../types.ts';

/** Folder beside the manifest for media that are extracted or copied. */
const MEDIA_FOLDER = 'media';
/** Hexadecimal digits of the hash in a file name: 128 bits. */
const NAME_LENGTH = 32;

/** Usual endings of file names; other types are rare enough for the second half of their name. */
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
};

/** A medium with bytes. */
type Stored = Exclude<Media, { type: 'url' }>;

export interface MediaPlaces {
  /** What the manifest says of a medium: a path relative to it, with `/`, or a URL. */
  uriOf(media: Media): string;
  /** Files of a sample that the manifest cannot name where they are: outside its folder. */
  outside(sample: Sample): readonly string[];
  /** Writes what a sample needs beside the manifest; a file that is there with its hash as its name is kept. */
  store(sample: Sample): Promise<void>;
  /** Files that were written, and kept. */
  readonly stored: number;
}

/** `manifest`: absolute path of the file to write. With `copy`, files outside its folder are copied, too. */
export function createMediaPlaces(manifest: string, copy: boolean): MediaPlaces {
  const folder = realPath(dirname(manifest));
  const names = new Set<string>();
  const inPlace = (media: Media) => (media.type === 'file' ? pathBelow(folder, media.path) : undefined);
  return {
    uriOf: (media) => (media.type === 'url' ? media.uri : (inPlace(media) ?? `${MEDIA_FOLDER}/${nameOf(media)}`)),
    outside: (sample) =>
      copy
        ? []
        : mediaOf(sample).flatMap((media) =>
            media.type === 'file' && inPlace(media) === undefined ? [media.uri] : [],
          ),
    async store(sample) {
      for (const media of mediaOf(sample)) {
        if (media.type === 'url' || inPlace(media) !== undefined || names.has(nameOf(media))) continue;
        await storeMedium(join(folder, MEDIA_FOLDER), media);
        names.add(nameOf(media));
      }
    },
    get stored() {
      return names.size;
    },
  };
}

const mediaOf = (sample: Sample): readonly Media[] =>
  [...sample.messages, ...sample.turns].flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'text' ? [] : [part.media])),
  );

/** Undefined for a file that is not below the folder, or whose name a manifest cannot hold: values are trimmed. */
function pathBelow(folder: string, path: string): string | undefined {
  const below = relative(folder, path);
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) || below !== below.trimEnd())
    return undefined;
  const uri = below.split(sep).join('/');
  // `a:b.png` looks like a URL, and readers trim a blank at the start.
  return /^[a-z][a-z0-9+.-]*:|^\s/iu.test(uri) ? `./${uri}` : uri;
}

function nameOf({ sha256, mediaType }: Stored): string {
  return `${sha256.slice(0, NAME_LENGTH)}.${ENDINGS[mediaType] ?? mediaType.split('/')[1]}`;
}

async function storeMedium(folder: string, media: Stored): Promise<void> {
  makeFolder(folder);
  const path = join(folder, nameOf(media));
  const there = await stat(path).catch(() => undefined);
  if (there?.isFile() && there.size === media.byteLength) return;
  await writeFile(path, await contentOf(media));
}

async function contentOf(media: Stored) {
  if (media.type === 'remote') return [await media.read()];
  return media.type === 'data' ? [Buffer.from(media.base64, 'base64')] : createReadStream(media.path);
}
