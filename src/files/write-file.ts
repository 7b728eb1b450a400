/** Writes a file whole: under a temporary name in its folder, then renamed. Until then readers see the old content. */

import { randomUUID } from 'node:crypto';
import { closeSync, createWriteStream, fsyncSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openFile } from './open-file.ts';

export interface WriteOptions {
  /** Permissions of the file, before the umask; default 0o666. */
  readonly mode?: number;
}

/** Text or bytes in pieces. */
export type Content = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** Writes content that is made while it is written. */
export async function writeFile(path: string, content: Content, options: WriteOptions = {}): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const fd = openFile(temporary, 'create', options);
    // No pieces ahead: files that are written at the same time then stay near one another in what they read together.
    await pipeline(Readable.from(content, { highWaterMark: 1 }), createWriteStream(temporary, { fd }));
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** How a text is written. */
export interface WriteTextOptions extends WriteOptions {
  /** Whether the bytes are on the disk before the rename: a power failure then leaves the old or the new content, never an empty file. */
  readonly flush?: boolean;
}

/** Writes a text that is in memory, at once. */
export function writeTextSync(path: string, text: string, options: WriteTextOptions = {}): void {
  const temporary = temporaryName(path);
  try {
    writeNewSync(temporary, text, options);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Writes a file that must not exist. An incomplete one is removed, because it would look complete. */
export function writeNewSync(
  path: string,
  text: string | Uint8Array,
  { flush = false, ...options }: WriteTextOptions = {},
): void {
  const descriptor = openFile(path, 'create', options);
  try {
    writeFileSync(descriptor, text);
    if (flush) fsyncSync(descriptor);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Unique, so that two writers of one file never write into the same temporary one; and not to be guessed, so that nobody can
 * put a link there.
 */
function temporaryName(path: string): string {
  return `${path}.${randomUUID()}.tmp`;
}
