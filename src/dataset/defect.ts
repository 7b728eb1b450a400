/** Defects of a manifest: problems without the file name, which `readManifest` adds. */

import type { Problem } from '../errors.ts';

/** A problem of the manifest that is being read; `file` is a path in a dataset that is a folder. */
export type Defect = Problem;

/** Receives a defect with its line. */
export type Report = (defect: Defect) => void;

/** Receives a defect of the current row. */
export type Complain = (message: string, hint?: string) => void;

/** The type of a JSON value in words, for messages. */
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
