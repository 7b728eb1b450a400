/** The files beside `batches.jsonl`: the cells of each part, its requests until the batch is created, its results until they are collected. */

import { closeSync, existsSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HashSet64 } from '../../collections/hash-set-64.ts';
import { InputError } from '../../errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { openFile } from '../../files/open-file.ts';
import { BATCHES_FOLDER, type BatchPart, isPending } from './batch-log.ts';

export function batchesFolder(directory: string): string {
  return join(directory, BATCHES_FOLDER);
}

/** Creates the folder for the files of parts, with the permissions of the run's own. */
export function makeBatchesFolder(directory: string, mode: number): string {
  const folder = batchesFolder(directory);
  makeFolder(folder, (mode & 0o077) === 0 ? 0o700 : 0o777);
  return folder;
}

/** The requests as they are uploaded. */
export function requestsPath(directory: string, part: string): string {
  return join(batchesFolder(directory), `${part}.requests`);
}

/** One cell key a line, as JSON. */
export function cellsPath(directory: string, part: string): string {
  return join(batchesFolder(directory), `${part}.cells`);
}

/** The keys of the cells of all parts whose answers may still come. */
export function pendingCells(directory: string, parts: readonly BatchPart[]): HashSet64 {
  const cells = new HashSet64();
  for (const part of parts.filter(isPending)) for (const key of readCells(directory, part)) cells.add(key);
  return cells;
}

/** The keys of the cells of a part. @throws {InputError} when its file is not whole. */
export function* readCells(directory: string, { part, requests }: BatchPart): Generator<string> {
  const path = cellsPath(directory, part);
  const damaged = new InputError({
    file: path,
    message: 'is missing or incomplete',
    hint: 'restore it from a copy: without it, the answers of the batch belong to no cell',
  });
  if (!existsSync(path)) throw damaged;
  let count = 0;
  for (const line of linesOf(path)) {
    count += 1;
    yield JSON.parse(line);
  }
  if (count !== requests) throw damaged;
}

const BLOCK_BYTES = 2 ** 20;

/** The complete lines of a file of our own, in blocks. */
function* linesOf(path: string): Generator<string> {
  const descriptor = openFile(path, 'read');
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const block = Buffer.allocUnsafe(BLOCK_BYTES);
      const length = readSync(descriptor, block);
      if (length === 0) return;
      const bytes = Buffer.concat([rest, block.subarray(0, length)]);
      const end = bytes.lastIndexOf(0x0a);
      if (end >= 0) yield* bytes.toString('utf8', 0, end).split('\n');
      rest = bytes.subarray(end + 1);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Removes files that no step of the log needs any more, such as those of a part that a crash left incomplete. */
export function removeUnneeded(directory: string, parts: readonly BatchPart[]): void {
  const folder = batchesFolder(directory);
  if (!existsSync(folder)) return;
  const needed = new Set(parts.filter(isPending).flatMap((part) => filesOf(part)));
  for (const name of readdirSync(folder))
    if (/^\d{4,}\.(requests|cells|part)$/.test(name) && !needed.has(name)) rmSync(join(folder, name), { force: true });
}

function filesOf({ part, batchId }: BatchPart): readonly string[] {
  return batchId === null ? [`${part}.cells`, `${part}.requests`] : [`${part}.cells`];
}
