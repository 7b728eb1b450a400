/** Keeps files that a user names for output from replacing an input, a file of a run, or any other file. */

import { statSync } from 'node:fs';
import type { Problem } from '../errors.ts';
import { existingFault } from '../files/output-file.ts';
import { realPath } from '../files/real-path.ts';
import { isFileOfRun } from './run-files.ts';

export interface OutputFile {
  /** As the user wrote it, e.g. `--trace`. */
  readonly option: string;
  /** How every file of this kind begins; null = the caller checks what is there. */
  readonly start: string | null;
  /** Absolute paths of the configuration and the manifest. */
  readonly inputs: { readonly config: string; readonly manifest: string };
  /** Folder of the run that is about to start; null = none. */
  readonly folder: string | null;
}

/** Why a file may not be written; null = it may. */
export function outputProblem(path: string, { option, start, inputs, folder }: OutputFile): Problem | null {
  const hint = `name another file for ${option}`;
  const reject = (reason: string) => ({ file: path, message: `cannot be written (${reason})`, hint });
  if (isSameFile(path, inputs.config)) return reject('it is the configuration');
  if (isSameFile(path, inputs.manifest)) return reject('it is the manifest');
  if (isFileOfRun(realPath(path), folder === null ? null : realPath(folder))) return reject('it is a file of a run');
  const fault = start === null ? null : existingFault(path, start);
  return fault === null ? null : reject(fault);
}

/** Also by another name, through a link or a hard link. */
function isSameFile(path: string, other: string): boolean {
  if (realPath(path) === realPath(other)) return true;
  const [one, two] = [path, other].map((file) => statSync(file, { throwIfNoEntry: false }));
  return one !== undefined && two !== undefined && one.ino === two.ino && one.dev === two.dev;
}
