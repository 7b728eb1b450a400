/** The files of a journal: finished parts in order, plain or gzipped by the user to save space, then the part being written. */

import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { InputError } from '../errors.ts';

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

/** The part's bytes in order. @throws {InputError} for a gzip file that cannot be unpacked. */
export async function* partChunks(path: string): AsyncGenerator<Buffer> {
  const bytes: Readable = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!path.endsWith(GZIP_SUFFIX)) {
    yield* bytes as AsyncIterable<Buffer>;
    return;
  }
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  bytes.on('error', (error) => unpacked.destroy(error));
  try {
    yield* bytes.pipe(unpacked) as AsyncIterable<Buffer>;
  } catch (cause) {
    const message = `cannot be unpacked (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new InputError({ file: path, message, hint: 'restore the complete file, packed or not' }, { cause });
  } finally {
    bytes.destroy();
  }
}

/** Opens the part for reading at any offset; a packed one is unpacked into a temporary file that only this process can read. */
export async function openPart(path: string): Promise<number> {
  if (!path.endsWith(GZIP_SUFFIX)) return openSync(path, 'r');
  const temporary = join(tmpdir(), `earsight-${randomUUID()}`);
  try {
    await pipeline(partChunks(path), createWriteStream(temporary, { flags: 'wx', mode: 0o600 }));
    return openSync(temporary, 'r');
  } finally {
    rmSync(temporary, { force: true });
  }
}
