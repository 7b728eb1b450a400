/** Patterns of file names in the place of a dataset: `images/*.png`. */

import { existsSync } from 'node:fs';
import { sep } from 'node:path';

/** What makes a name a pattern. A file or folder that has such a name is itself. */
const MAGIC = /[*?]|\[.+\]|\{.+\}/;

/** Whether a path is a pattern and names nothing that exists. */
export function isGlob(path: string): boolean {
  return MAGIC.test(path) && !existsSync(path);
}

/** The folder in which the search of an absolute pattern starts, and the pattern from there on. */
export function splitGlob(path: string): { readonly folder: string; readonly pattern: string } {
  const parts = path.split(sep);
  const first = parts.findIndex((part) => MAGIC.test(part));
  return { folder: parts.slice(0, first).join(sep) || sep, pattern: parts.slice(first).join('/') };
}

/** The files that match, relative to the folder of the pattern, with `/`, in order; hidden names are left out. */
export async function filesOfGlob(path: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const { folder, pattern } = splitGlob(path);
  const files = await glob(pattern, { cwd: folder, followSymbolicLinks: false, expandDirectories: false });
  return files.sort(byPath);
}

/** Orders paths name by name and by code units, which is the same everywhere. */
export function byPath(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const at = left.findIndex((name, index) => name !== right[index]);
  const [one, other] = [left[at] ?? '', right[at] ?? ''];
  if (at === -1 || one === other) return left.length - right.length;
  return one < other ? -1 : 1;
}
