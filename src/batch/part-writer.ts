/** Writes the requests of one part to a file, as its vendor takes them, with the keys of their cells in another file. */

import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, rmSync, writeSync } from 'node:fs';
import { openFile } from '../files/open-file.ts';
import { cellsPath, requestsPath } from '../journal/batches/batch-files.ts';
import type { BatchClient } from '../providers/batch/batch-client.ts';

/** A part whose files are complete and on the disk. */
export interface WrittenPart {
  readonly requests: number;
  readonly byteLength: number;
  /** SHA-256 of the file of requests, as hex. */
  readonly sha256: string;
}

export interface PartWriter {
  /** Whether a line of so many bytes still fits. */
  hasRoom(bytes: number): boolean;
  add(cellKey: string, line: readonly Buffer[]): void;
  /** Completes both files. */
  finish(): WrittenPart;
  /** Closes the files; what is not finished is removed by the next submission. */
  abandon(): void;
}

/** `mode`: permissions of the files. */
export function createPartWriter(
  directory: string,
  part: string,
  { limits, frame }: Pick<BatchClient, 'limits' | 'frame'>,
  mode: number,
): PartWriter {
  const requests = createFile(requestsPath(directory, part), mode);
  const cells = createFile(cellsPath(directory, part), mode);
  const [start, between, end] = [frame.start, frame.between, frame.end].map((text) => Buffer.from(text));
  const hash = createHash('sha256');
  let count = 0;
  const put = (piece: Buffer = Buffer.alloc(0)) => {
    requests.put(piece);
    hash.update(piece);
  };
  put(start);
  return {
    hasRoom: (bytes) =>
      count < limits.requests &&
      requests.length() + Buffer.byteLength(frame.between) + bytes + Buffer.byteLength(frame.end) <= limits.bytes,
    add(cellKey, line) {
      if (count > 0) put(between);
      for (const piece of line) put(piece);
      cells.put(Buffer.from(`${JSON.stringify(cellKey)}\n`));
      count += 1;
    },
    finish() {
      put(end);
      requests.finish();
      cells.finish();
      return { requests: count, byteLength: requests.length(), sha256: hash.digest('hex') };
    },
    abandon() {
      requests.close();
      cells.close();
    },
  };
}

/** Small pieces are written together. */
const BUFFERED_BYTES = 2 ** 20;

function createFile(path: string, mode: number) {
  // Left by a submission that was interrupted while it wrote the file.
  rmSync(path, { force: true });
  const descriptor = openFile(path, 'create', { mode });
  let pieces: Buffer[] = [];
  let buffered = 0;
  let length = 0;
  const flush = () => {
    const bytes = Buffer.concat(pieces);
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    pieces = [];
    buffered = 0;
  };
  return {
    length: () => length,
    put(piece: Buffer) {
      pieces.push(piece);
      buffered += piece.length;
      length += piece.length;
      if (buffered >= BUFFERED_BYTES) flush();
    },
    finish() {
      flush();
      fsyncSync(descriptor);
      closeSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
}
