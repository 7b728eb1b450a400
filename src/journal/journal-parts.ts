/** The files of a journal: finished parts in order, plain or gzipped by the user to save space, then the part being written. */

import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { InputError } from '../errors.ts';
import { openFile } from '../files/open-file.ts';

/** The part being written. */
export const JOURNAL_FILE = 'journal.jsonl';
const FINISHED = /^journal\.(\d{4,})\.jsonl(?:\.gz)?$/;

/** Appended to a file's name by `gzip`. */
const GZIP_SUFFIX = '.gz';
const CHUNK_BYTES = 1 << 20;

/** 0 = not a finished part. */
function partNumber(name: string): number {
  return Number(FINISHED.exec(name)?.[1] ?? 0);
}

/** Name of the next finished part: after all others, also when one of them was removed. */
export function nextPartName(directory: string): string {
  const numbers = readdirSync(directory).map(partNumber);
  return `journal.${String(Math.max(0, ...numbers) + 1).padStart(4, '0')}.jsonl`;
}

/** Absolute paths of the parts in order; empty when there is no journal or no such folder. */
export function journalParts(directory: string): readonly string[] {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const names = readdirSync(directory);
  // While gzip is running both files exist, and only the plain one is certainly complete.
  const isPackedTwin = (name: string) =>
    name.endsWith(GZIP_SUFFIX) && names.includes(name.slice(0, -GZIP_SUFFIX.length));
  const finished = names
    .filter((name) => FINISHED.test(name) && !isPackedTwin(name))
    .sort((a, b) => partNumber(a) - partNumber(b));
  return [...finished, ...names.filter((name) => name === JOURNAL_FILE)].map((name) => join(directory, name));
}

/**
 * More than any journal writes into one part: a new one begins after 1 GiB. A small packed file could otherwise fill the
 * disk when it is unpacked to be read.
 */
const MAX_UNPACKED_BYTES = 4 * 2 ** 30;

/** The part's bytes in order. @throws {InputError} for a link, a pipe and the like, and a gzip file that cannot be unpacked. */
export async function* partChunks(path: string): AsyncGenerator<Buffer> {
  const isPacked = path.endsWith(GZIP_SUFFIX);
  const fd = openFile(path, 'read');
  const bytes: Readable = createReadStream(path, { fd, highWaterMark: CHUNK_BYTES });
  if (!isPacked) {
    yield* bytes as AsyncIterable<Buffer>;
    return;
  }
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  bytes.on('error', (error) => unpacked.destroy(error));
  try {
    let size = 0;
    for await (const chunk of bytes.pipe(unpacked) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_UNPACKED_BYTES) throw new Error(`it holds more than ${MAX_UNPACKED_BYTES / 2 ** 30} GiB`);
      yield chunk;
    }
  } catch (cause) {
    const message = `cannot be unpacked (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new InputError({ file: path, message, hint: 'restore the complete file, packed or not' }, { cause });
  } finally {
    bytes.destroy();
  }
}

/** Opens the part for reading at any offset; a packed one is unpacked into a temporary file that only this process can read. */
export async function openPart(path: string): Promise<number> {
  if (!path.endsWith(GZIP_SUFFIX)) return openFile(path, 'read');
  const temporary = join(tmpdir(), `earsight-${randomUUID()}`);
  try {
    const fd = openFile(temporary, 'create', { mode: 0o600 });
    await pipeline(partChunks(path), createWriteStream(temporary, { fd }));
    return openFile(temporary, 'read');
  } finally {
    rmSync(temporary, { force: true });
  }
}
