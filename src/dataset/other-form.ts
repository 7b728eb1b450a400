/** Finds a file whose name is the same text in other characters: composed or decomposed letters, no-break spaces. */

import { lstat, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Folders whose names are kept: rows that name files of the same folder follow each other. */
const MAX_FOLDERS = 8;

/** Printable ASCII without the space has no other form. */
const HAS_OTHER_FORM = /[^\x21-\x7e]/;

/** A function of a root folder and a path below it, which need not exist; gives the path of what does exist. */
export type OtherFormFinder = (root: string, path: string) => Promise<string | undefined>;

/** Names of a folder by their common form; null for those of which there are several. */
type Names = ReadonlyMap<string, string | null>;

/** Composed letters (NFC) and plain spaces: macOS names files with decomposed ones, and screenshots with U+202F. */
export const commonForm = (name: string): string => name.normalize('NFC').replace(/\p{Zs}/gu, ' ');

/** Makes a finder that lists each folder once. */
export function createOtherFormFinder(): OtherFormFinder {
  const listed = new Map<string, Promise<Names>>();
  const namesIn = (folder: string): Promise<Names> => {
    const names = listed.get(folder) ?? listNames(folder);
    if (listed.size >= MAX_FOLDERS && !listed.has(folder)) listed.clear();
    listed.set(folder, names);
    return names;
  };
  return async (root, path) => {
    if (!HAS_OTHER_FORM.test(path)) return undefined;
    let found = root;
    for (const name of path.split(sep)) {
      const next = await inFolder(found, name, namesIn);
      if (next === undefined) return undefined;
      found = join(found, next);
    }
    return found;
  };
}

async function inFolder(
  folder: string,
  name: string,
  namesIn: (folder: string) => Promise<Names>,
): Promise<string | undefined> {
  if (await exists(join(folder, name))) return name;
  const wanted = commonForm(name);
  return HAS_OTHER_FORM.test(name) ? ((await namesIn(folder)).get(wanted) ?? undefined) : undefined;
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Only the names that have another form are kept. */
async function listNames(folder: string): Promise<Names> {
  const names = new Map<string, string | null>();
  for (const name of await readdir(folder).catch(() => [])) {
    if (!HAS_OTHER_FORM.test(name)) continue;
    const form = commonForm(name);
    names.set(form, names.has(form) ? null : name);
  }
  return names;
}
