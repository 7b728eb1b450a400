/** Finds the results of many batches by the ids of their requests, in flat memory: the lines stay on the disk. */

import { closeSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { growingNumbers } from '../collections/growing-numbers.ts';
import { HashSet64 } from '../collections/hash-set-64.ts';
import { openFile } from '../files/open-file.ts';
import { batchesFolder, readCells } from '../journal/batches/batch-files.ts';
import { type BatchPart, isPending } from '../journal/batches/batch-log.ts';
import { splitLines } from '../journal/split-lines.ts';
import { isRecord } from '../text/is-record.ts';

export interface ResultIndex {
  /** The index of the part that a request went with; undefined = it waits in none. */
  partOf(customId: string): number | undefined;
  /** The parsed line of a request; null = it has none. */
  lineOf(customId: string): unknown;
  /** Requests of a part that have a line, by the index of the part. */
  readonly matched: readonly number[];
  /** Lines of a part that cannot be read, or name no request of it. */
  readonly unread: readonly number[];
  close(): void;
}

/** `idOf` gives the id of the request of a cell. A request that has two lines has its first one. */
export async function openResultIndex(
  directory: string,
  parts: readonly BatchPart[],
  idOf: (cellKey: string) => string,
): Promise<ResultIndex> {
  const requests = new HashSet64();
  const partAt = growingNumbers(Uint32Array, 0);
  for (const [index, part] of parts.entries())
    for (const key of isPending(part) ? readCells(directory, part) : []) {
      partAt.set(requests.size, index);
      requests.add(idOf(key), requests.size);
    }
  /** Number of the file of a line, from 1; 0 = there is no line. */
  const files = growingNumbers(Uint32Array, 0);
  const offsets = growingNumbers(Float64Array, 0);
  const lengths = growingNumbers(Uint32Array, 0);
  const matched = parts.map(() => 0);
  const unread = parts.map(() => 0);
  const paths: string[] = [];
  for (const [index, { ended }] of parts.entries())
    for (const { file } of ended?.results ?? []) {
      const path = join(batchesFolder(directory), file);
      paths.push(path);
      await splitLines(path, ({ bytes, offset, byteLength }) => {
        const customId = bytes === null ? null : customIdIn(bytes);
        const request = customId === null ? undefined : requests.get(customId);
        if (request === undefined || partAt.get(request) !== index) {
          unread[index] = (unread[index] ?? 0) + 1;
          return;
        }
        if (files.get(request) !== 0) return;
        matched[index] = (matched[index] ?? 0) + 1;
        files.set(request, paths.length);
        offsets.set(request, offset);
        lengths.set(request, byteLength - 1);
      });
    }
  const descriptors = paths.map((path) => openFile(path, 'read'));
  return {
    partOf(customId) {
      const request = requests.get(customId);
      return request === undefined ? undefined : partAt.get(request);
    },
    lineOf(customId) {
      const request = requests.get(customId);
      const descriptor = request === undefined ? undefined : descriptors[files.get(request) - 1];
      if (request === undefined || descriptor === undefined) return null;
      const bytes = Buffer.allocUnsafe(lengths.get(request));
      readSync(descriptor, bytes, 0, bytes.length, offsets.get(request));
      return JSON.parse(bytes.toString('utf8'));
    },
    matched,
    unread,
    close() {
      for (const descriptor of descriptors) closeSync(descriptor);
    },
  };
}

function customIdIn(bytes: Buffer): string | null {
  try {
    const line: unknown = JSON.parse(bytes.toString('utf8'));
    return isRecord(line) && typeof line['custom_id'] === 'string' ? line['custom_id'] : null;
  } catch {
    return null;
  }
}
