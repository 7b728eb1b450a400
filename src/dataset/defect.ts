/** How the parts of this folder say what is wrong, before a file name stands on it. */

import type { Problem } from '../errors.ts';

/** A problem of the manifest that is being read; `readManifest` adds the file. */
export type Defect = Omit<Problem, 'file'>;

/** Takes a defect at a place. */
export type Report = (defect: Defect) => void;

/** Takes a defect of the row at hand, whose line is known. */
export type Complain = (message: string, hint?: string) => void;

/** What a JSON value is, in a word for messages. */
export function nameOfType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`;
}

/** The `code` of an error of the operating system such as `ENOENT`; undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  const isSystemError = error instanceof Error && 'syscall' in error && 'code' in error;
  return isSystemError && typeof error.code === 'string' ? error.code : undefined;
}
