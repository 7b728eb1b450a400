/** Writes a file whole: under a temporary name in its folder, then renamed. Until then readers see the old content. */

import { randomUUID } from 'node:crypto';
import { createWriteStream, renameSync, rmSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Text or bytes in pieces. */
export type Content = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** Writes content that is made while it is written. */
export async function writeFile(path: string, content: Content): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await pipeline(Readable.from(content), createWriteStream(temporary));
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** How a text is written. */
export interface WriteTextOptions {
  /** Whether the bytes are on the disk before the rename: a power failure then leaves the old or the new content, never an empty file. */
  readonly flush?: boolean;
}

/** Writes a text that is in memory, at once. */
export function writeTextSync(path: string, text: string, { flush = false }: WriteTextOptions = {}): void {
  const temporary = temporaryName(path);
  try {
    writeFileSync(temporary, text, { flush });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Unique, so that two writers of one file never write into the same temporary one. */
function temporaryName(path: string): string {
  return `${path}.${randomUUID()}.tmp`;
}
