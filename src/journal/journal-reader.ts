/** Reads single lines of a journal back by their offset. */

import { closeSync, fstatSync, readSync } from 'node:fs';
import { journalParts, openPart } from './journal-parts.ts';

/** Reads single lines back by their offset, through one block buffer: neighbours in a table are neighbours on disk. */
export interface JournalReader {
  line(offset: number, byteLength: number): string;
  close(): void;
}

/** Big enough that a table in manifest order is read in few system calls. */
const BLOCK_BYTES = 1 << 18;
/** A block begins so much before the line: answers came a little out of order. */
const MARGIN_BYTES = 1 << 16;

/** Opens the parts as they are now; lines appended later are not seen. */
export async function openJournalReader(directory: string): Promise<JournalReader> {
  let end = 0;
  const parts: { readonly descriptor: number; readonly start: number; readonly end: number }[] = [];
  for (const path of journalParts(directory)) {
    const descriptor = await openPart(path);
    const start = end;
    end += fstatSync(descriptor).size;
    parts.push({ descriptor, start, end });
  }
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let [blockStart, blockEnd] = [0, 0];
  return {
    line(offset, byteLength) {
      if (offset < blockStart || offset + byteLength > blockEnd) {
        const part = parts.find((candidate) => offset < candidate.end);
        if (part === undefined) throw new RangeError(`no journal line at byte ${offset}`);
        blockStart = Math.max(part.start, offset - MARGIN_BYTES);
        // Should reading fail, there is no block.
        blockEnd = blockStart;
        const needed = offset - blockStart + byteLength;
        if (block.length < needed) block = Buffer.allocUnsafe(needed);
        const most = Math.min(block.length, part.end - blockStart);
        blockEnd = blockStart + readSync(part.descriptor, block, 0, most, blockStart - part.start);
      }
      return block.toString('utf8', offset - blockStart, offset - blockStart + byteLength - 1);
    },
    close() {
      for (const part of parts) closeSync(part.descriptor);
    },
  };
}
