/** The folder that paths of media in a dataset are relative to. */

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isGlob, splitGlob } from './glob.ts';

/** A dataset may be a folder itself, or a glob; a file that is gone is taken as a file. */
export function mediaFolderOf(path: string): string {
  if (isGlob(path)) return splitGlob(path).folder;
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path);
}
