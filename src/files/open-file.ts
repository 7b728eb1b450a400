/** Opens files without following links and without waiting: what is not a regular file is an error at once. */

import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { InputError } from '../errors.ts';

const { O_RDONLY, O_RDWR, O_WRONLY, O_CREAT, O_EXCL, O_APPEND } = constants;
/** Windows lacks both flags. Without the second one, opening a named pipe waits for the process at its other end. */
const NOT_THROUGH_LINKS = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

const FLAGS = {
  read: O_RDONLY,
  /** A file that exists, at any position. */
  update: O_RDWR,
  append: O_WRONLY | O_APPEND | O_CREAT,
  create: O_RDWR | O_CREAT | O_EXCL,
} as const;

export interface OpenOptions {
  /** Permissions of a file that is created, before the umask; default 0o666. */
  readonly mode?: number;
  /** Whether a link at the path is followed, for files that people may link to; default false. Reading only. */
  readonly followLinks?: boolean;
}

/**
 * Opens a regular file and returns its descriptor. A file that is written must have one name only: another name may be in a
 * folder of somebody else.
 * @throws {InputError} for links, folders, pipes and devices; system errors, such as `ENOENT`, as they are.
 */
export function openFile(
  path: string,
  access: keyof typeof FLAGS,
  { mode = 0o666, followLinks = false }: OpenOptions = {},
): number {
  const isRead = access === 'read';
  const links = isRead && followLinks ? 0 : NOT_THROUGH_LINKS;
  let descriptor: number;
  try {
    descriptor = openSync(path, FLAGS[access] | links | NO_WAIT, mode);
  } catch (error) {
    throw explained(path, error);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw notAFile(path, kindOf(stats));
    if (!isRead && stats.nlink > 1)
      throw notAFile(path, 'a file with several names', 'remove the other hard links, or name another file');
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

export interface ReadOptions extends Pick<OpenOptions, 'followLinks'> {
  /** A larger file is rejected; default: 64 MiB, far above any file that is read whole. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 64 * 2 ** 20;

/** Reads a whole file as UTF-8. @throws as `readBytesSync` does. */
export function readTextSync(path: string, options: ReadOptions = {}): string {
  return readBytesSync(path, options).toString('utf8');
}

/** Reads a whole file. @throws as `openFile` does, and {InputError} for a file that is too large. */
export function readBytesSync(path: string, { maxBytes = MAX_BYTES, ...options }: ReadOptions = {}): Buffer {
  const descriptor = openFile(path, 'read', options);
  try {
    const { size } = fstatSync(descriptor);
    if (size > maxBytes) throw new InputError({ file: path, message: `is larger than ${maxBytes / 2 ** 20} MiB` });
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Names what is not a regular file. */
function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function notAFile(path: string, what: string, hint = 'move it away, or name another file'): InputError {
  return new InputError({ file: path, message: `cannot be used: it is ${what}`, hint });
}

/** Errors of `open` that say what is at the path (open(2)). */
const KINDS: Readonly<Record<string, string>> = {
  ELOOP: 'a link',
  EMLINK: 'a link', // FreeBSD
  EISDIR: 'a folder',
  ENXIO: 'a named pipe, a socket or a device',
};

function explained(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? `${error.code}` : '';
  const what = KINDS[code];
  return what === undefined ? error : notAFile(path, what);
}
