/** Resolves links in a path that need not exist. */

import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The path with links in its folders resolved, also when the file does not exist. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
