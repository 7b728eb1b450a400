/** Makes a folder with its parents. */

import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes one folder at a time: the recursive option of Node never returns where the system allows no folders, such as below
 * /proc. `mode` are the permissions of the last folder, before the umask; those of its parents are 0o777.
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}
