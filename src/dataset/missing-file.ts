/** What to do about a media file that does not exist: the name that was most likely meant, or how to write several. */

import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { nearestName } from '../text/nearest-name.ts';
import { visible } from '../text/quote.ts';

/** What may be looked at for a hint. */
export interface Surroundings {
  /** Whether a value of the manifest names a file that may be used. */
  readonly exists: (uri: string) => Promise<boolean>;
  /** Whether the names of a folder may be shown; absolute, links resolved. */
  readonly mayList: (folder: string) => boolean;
}

/** Names of a folder that are compared with that of a missing file. */
const MAX_NAMES = 20_000;

/** Files in one value that are looked up. */
const MAX_PIECES = 20;

/** Longest part of a value in a message. */
const MAX_SHOWN = 80;

/** How tables write that there is no value. */
const NO_VALUE = /^(?:nan|none|null|n\/?a|<na>)$/i;

/** The hint for a value that names no file; `path` is where the file should be. Undefined when nothing near is known. */
export async function missingFileHint(uri: string, path: string, around: Surroundings): Promise<string | undefined> {
  if (NO_VALUE.test(uri)) return 'leave it empty where there is no file (pandas: to_csv(na_rep=""))';
  const separator = await separatorOf(uri, around);
  if (separator !== undefined)
    return `separate several files by "|", not by ${separator === '\n' ? 'line ends' : `"${separator}"`}`;
  if (uri.includes('\\')) return 'write folders with "/"';
  return nearestFile(uri, path, around);
}

/** What separates the names of existing files in one value. */
async function separatorOf(uri: string, { exists }: Surroundings): Promise<string | undefined> {
  for (const separator of [';', ', ', ',', ' ', '\n']) {
    const pieces = uri.split(separator).map((piece) => piece.trim());
    if (pieces.length === 1 || pieces.length > MAX_PIECES || pieces.includes('')) continue;
    const found = await Promise.all(pieces.map(exists));
    if (found.every(Boolean)) return separator;
  }
  return undefined;
}

/** The most similar name in the same folder: another ending, or nearly the same name. */
async function nearestFile(uri: string, path: string, { mayList }: Surroundings): Promise<string | undefined> {
  const inManifest = uri.slice(0, uri.length - basename(uri).length);
  try {
    const folder = await realpath(dirname(path));
    if (!mayList(folder)) return undefined;
    const names = (await readdir(folder)).slice(0, MAX_NAMES).sort();
    const wanted = basename(path);
    const near = names.find((name) => stemOf(name) === stemOf(wanted)) ?? nearestName(wanted, names);
    if (near === undefined) return undefined;
    return `did you mean "${visible(inManifest + near)}"?${differenceOf(wanted, near)}`;
  } catch {
    return inManifest === '' ? undefined : `there is no folder "${visible(inManifest.slice(0, MAX_SHOWN))}"`;
  }
}

const stemOf = (name: string) => name.replace(/\.[^.]*$/, '').toLowerCase();

/** Names the first character that differs when it may look the same (Cyrillic letters, joiners); else empty. */
function differenceOf(wanted: string, near: string): string {
  const ours = [...wanted];
  const theirs = [...near];
  const at = ours.findIndex((character, index) => character !== theirs[index]);
  const [our, their] = [ours[at], theirs[at]];
  if (our === undefined || their === undefined || isAscii(our + their)) return '';
  return ` Its character ${at + 1} is ${codePoint(their)}, not ${codePoint(our)}`;
}

const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text);

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
