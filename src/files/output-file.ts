/** Finds out whether a file that a user names for output may be written: what is there must be empty, or ours. */

import { closeSync, lstatSync, readSync } from 'node:fs';
import { InputError } from '../errors.ts';
import { openFile } from './open-file.ts';

/**
 * Why the file at the path may not be replaced or continued; null = it may, or there is none. `start` is how every file of the
 * kind begins.
 */
export function existingFault(path: string, start: string): string | null {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  let descriptor: number;
  try {
    descriptor = openFile(path, 'update');
  } catch (error) {
    const [problem] = error instanceof InputError ? error.problems : [];
    if (problem !== undefined) return problem.message.replace('cannot be used: ', '');
    return error instanceof Error ? error.message : String(error);
  }
  try {
    const bytes = Buffer.alloc(Buffer.byteLength(start));
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    return length === 0 || bytes.toString('utf8', 0, length) === start
      ? null
      : 'it is another file, which would be lost';
  } finally {
    closeSync(descriptor);
  }
}
