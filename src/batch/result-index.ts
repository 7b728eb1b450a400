/** Finds the results of many batches by the ids of their requests, in flat memory: the lines stay on the disk. */

import { closeSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { growingNumbers } from '../collections/growing-numbers.ts';
import { HashSet64 } from '../collections/hash-set-64.ts';
import { openFile } from '../files/open-file.ts';
import { batchesFolder } from '../journal/batches/batch-files.ts';
import type { BatchPart } from '../journal/batches/batch-log.ts';
import { splitLines } from '../journal/split-lines.ts';
import { isRecord } from '../text/is-record.ts';

export interface ResultIndex {
  /** The parsed line of a request; null = it has none. */
  find(customId: string): unknown;
  /** Requests of a part that have a line, by the index of the part. */
  readonly matched: readonly number[];
  /** Lines of a part that cannot be read, or name no request of it. */
  readonly unread: readonly number[];
  close(): void;
}

/** `idsOf` holds the ids of all requests, each with the index of its part. A request that is there twice has its first line. */
export async function openResultIndex(
  directory: string,
  parts: readonly BatchPart[],
  ids: HashSet64,
): Promise<ResultIndex> {
  const lines = new HashSet64();
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
      const note = (bytes: Buffer | null, offset: number, byteLength: number) => {
        const customId = bytes === null ? null : customIdIn(bytes);
        if (customId === null || ids.get(customId) !== index) {
          unread[index] = (unread[index] ?? 0) + 1;
          return;
        }
        const line = lines.size;
        if (lines.add(customId, line) !== undefined) return;
        matched[index] = (matched[index] ?? 0) + 1;
        files.set(line, paths.length - 1);
        offsets.set(line, offset);
        lengths.set(line, byteLength);
      };
      await splitLines(path, ({ bytes, offset, byteLength }) => note(bytes, offset, byteLength - 1));
    }
  const descriptors = paths.map((path) => openFile(path, 'read'));
  return {
    find(customId) {
      const line = lines.get(customId);
      const descriptor = line === undefined ? undefined : descriptors[files.get(line)];
      if (line === undefined || descriptor === undefined) return null;
      const bytes = Buffer.allocUnsafe(lengths.get(line));
      readSync(descriptor, bytes, 0, bytes.length, offsets.get(line));
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
