/** One part of a journal on disk: as it was written, or gzipped by whoever wants the space back. */

import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { InputError } from '../errors.ts';

/** What `gzip` puts behind the name of a file. */
export const GZIP_SUFFIX = '.gz';
const CHUNK_BYTES = 1 << 20;

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
    throw new InputError({ file: path, message, hint: 'put the whole file back, packed or not' }, { cause });
  } finally {
    bytes.destroy();
  }
}

/** Opens the part for reading at any place; a packed one is unpacked into a temporary file that nobody else sees. */
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
