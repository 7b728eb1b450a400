/** Lists the files of a folder and of those below it. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Levels of folders: a corpus has its name, its parts, speakers and chapters. */
const MAX_DEPTH = 6;

/**
 * Yields paths relative to `root`, with `/`, in order; links and hidden names are left out.
 * @throws {Error} a system error when a folder cannot be read.
 */
export async function* listFiles(root: string, below = '', depth = 0): AsyncGenerator<string> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && depth < MAX_DEPTH) yield* listFiles(root, path, depth + 1);
  }
}

/** The folder of a relative path, with a `/` at its end; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
