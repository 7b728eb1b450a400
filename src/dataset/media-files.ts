/** A folder of media, or a glob of them, as a dataset: each file is a sample. */

import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { quote } from '../text/quote.ts';
import type { Defect } from './defect.ts';
import { knownExtensions } from './formats.ts';
import { byPath, filesOfGlob, isGlob, splitGlob } from './glob.ts';
import type { DatasetFormatReader, NamedRow, Note } from './raw-row.ts';
import { sniffMediaType } from './sniff.ts';
import { isVideoFile, TRACK_BYTES } from './video-file.ts';

export const media: DatasetFormatReader & { readonly shape: 'folder' } = {
  description:
    'a folder of images, sounds, documents and videos, or a glob such as images/*.png, with one prompt for all',
  extensions: [],
  shape: 'folder',
  read: readMedia,
};

/** Endings of files that are certainly meant: one that is broken, or that no model takes, is named as such. */
const MEDIA_ENDINGS = new Set(
  'png jpg jpeg jpe jfif gif webp heic heif avif tif tiff bmp wav wave mp3 flac ogg oga opus m4a aac aif aiff aifc pdf'
    .split(' ')
    .map((ending) => `.${ending}`),
);

/** Videos that no model takes. Their first bytes may be those of a sound, because sounds have the same containers. */
const OTHER_VIDEOS = new Set(['.mov', '.mkv', '.avi']);

/** Levels of folders; deeper ones are most likely a loop of mounts. */
const MAX_DEPTH = 32;

/** Rows that are handed on at once. */
const BATCH = 256;

/** Names of left out files that a sentence lists. */
const MAX_LISTED = 5;

/** What is left out of a folder. */
interface LeftOut {
  hidden: number;
  others: number;
  readonly names: string[];
  readonly manifests: string[];
}

async function* readMedia(path: string, hasPrompt: boolean): AsyncGenerator<readonly (NamedRow | Defect | Note)[]> {
  if (!hasPrompt) {
    const what = isGlob(path) ? 'is a pattern' : 'is a folder, not a manifest';
    yield [{ message: `${what}, and its media have no prompt`, hint: PROMPT_HINT }];
    return;
  }
  const left: LeftOut = { hidden: 0, others: 0, names: [], manifests: [] };
  const isPattern = isGlob(path);
  const root = isPattern ? splitGlob(path).folder : path;
  let rows: NamedRow[] = [];
  let count = 0;
  for await (const file of isPattern ? await filesOfGlob(path) : walk(path, '', 0, left)) {
    const column = await columnOf(root, file);
    if (column === null) {
      leaveOut(file, left);
      continue;
    }
    count += 1;
    rows.push(rowOf(file, column, count));
    if (rows.length < BATCH) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
  yield count === 0 ? [nothingFound(isPattern, left)] : sentencesOf(left).map((note) => ({ note }));
}

const PROMPT_HINT = 'give --prompt "...", or set dataset.prompt in the configuration';

/** Yields the files of a folder and of those below it, with `/`, in order; links to folders are not followed. */
async function* walk(root: string, below: string, depth: number, left: LeftOut): AsyncGenerator<string> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => byPath(a.name, b.name))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith('.')) left.hidden += 1;
    else if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) yield* walk(root, path, depth + 1, left);
      else leaveOut(path, left);
    } else if (entry.isFile() || (await isLinkToFile(join(root, path)))) yield path;
    else leaveOut(path, left);
  }
}

async function isLinkToFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => true, // a broken link is named with the other media that cannot be read
  );
}

type MediaColumn = 'file_name' | 'video';

/** By the ending; a file with an unknown one by its first bytes. null = it is left out. */
async function columnOf(root: string, file: string): Promise<MediaColumn | null> {
  const ending = extname(file).toLowerCase();
  if (MEDIA_ENDINGS.has(ending)) return 'file_name';
  if (OTHER_VIDEOS.has(ending)) return null;
  const head = Buffer.alloc(TRACK_BYTES);
  const handle = await open(join(root, file)).catch(() => null);
  try {
    const bytesRead = (await handle?.read(head, 0, TRACK_BYTES, 0))?.bytesRead ?? 0;
    const start = head.subarray(0, bytesRead);
    if (isVideoFile(file, start)) return 'video';
    return sniffMediaType(start) === undefined ? null : 'file_name';
  } finally {
    await handle?.close();
  }
}

/** The id is the path; the folder below the root is metadata, so that each folder is a slice. */
function rowOf(file: string, column: MediaColumn, line: number): NamedRow {
  const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  // A name such as `photo-10:20.png` would be read as a URL.
  const path = /^[^/]*:/.test(file) ? `./${file}` : file;
  return { line, values: { id: file, [column]: [path], ...(folder === '' ? {} : { 'meta.folder': folder }) } };
}

function leaveOut(file: string, left: LeftOut): void {
  left.others += 1;
  if (left.names.length < MAX_LISTED) left.names.push(file);
  if (left.manifests.length === 0 && knownExtensions().includes(extname(file).toLowerCase())) left.manifests.push(file);
}

function nothingFound(isPattern: boolean, { others, names }: LeftOut): Defect {
  if (others > 0) return { message: `has no media, only ${counted(others, 'other file')}: ${listed(names, others)}` };
  return isPattern
    ? { message: 'matches no file', hint: 'put the pattern in quotes, so that the shell does not change it' }
    : { message: 'has no media' };
}

function sentencesOf({ hidden, others, names, manifests }: LeftOut): readonly string[] {
  const [manifest] = manifests;
  return [
    ...(others === 0 ? [] : [`${counted(others, 'file')} left out, which are not media: ${listed(names, others)}`]),
    ...(hidden === 0 ? [] : [`${counted(hidden, 'hidden file or folder', 'hidden files and folders')} left out`]),
    ...(manifest === undefined ? [] : [`${quote(manifest)} may be a manifest; name it to read it`]),
  ];
}

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

function listed(names: readonly string[], count: number): string {
  return names.map(quote).join(', ') + (count > names.length ? ', …' : '');
}
