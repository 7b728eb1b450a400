/** The folder that paths of media in a dataset are relative to. */

import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A dataset may be a folder itself; a file that is gone is taken as a file. */
export function mediaFolderOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
}
