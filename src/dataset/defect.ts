/** Defects of a manifest: problems without the file name, which `readManifest` adds. */

import type { Problem } from '../errors.ts';

/** A problem of the manifest that is being read; `file` is a path in a dataset that is a folder. */
export type Defect = Problem;

/** Receives a defect with its line. */
export type Report = (defect: Defect) => void;

/** Receives a defect of the current row; one of a single value says of which. */
export type Complain = (message: string, hint?: string, about?: About) => void;

/** A value of a row. */
export interface About {
  /** The name of its column in a manifest of ours; `meta.<key>` for metadata. Absent = not known here. */
  readonly column?: string;
  /** Which of several values of the column, from 0. */
  readonly item?: number;
}

/** Where something begins in a file. */
export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units of the line. */
  readonly column: number;
}

/** Adds the column to all defects that a parser of its values reports. */
export function aboutColumn(complain: Complain, column: string): Complain {
  return (message, hint, about) => complain(message, hint, { ...about, column });
}

/** Orders defects of one file as they are found by a reader of it. */
export const byPosition = (a: Defect, b: Defect): number =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

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
