/** Reads single lines of a journal back by their offset. */

import { closeSync, fstatSync, readSync } from 'node:fs';
import { journalParts, openPart } from './journal-parts.ts';

/** Reads through one block buffer: lines that are neighbours in a table are often neighbours on disk. */
export interface JournalReader {
  line(offset: number, byteLength: number): string;
  /** Lines from here on were appended after it was opened. */
  readonly endOffset: number;
  close(): void;
}

/** Large enough to read a table in manifest order with few system calls. */
const BLOCK_BYTES = 1 << 18;
/** A block begins this far before the line, because answers arrive slightly out of order. */
const MARGIN_BYTES = 1 << 16;

/** Opens the parts as they are now; lines that are appended later cannot be read. */
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
  let blockStart = 0;
  let blockEnd = 0;
  return {
    endOffset: end,
    line(offset, byteLength) {
      if (offset < blockStart || offset + byteLength > blockEnd) {
        const part = parts.find((candidate) => offset < candidate.end);
        if (part === undefined) throw new RangeError(`no journal line at byte ${offset}`);
        blockStart = Math.max(part.start, offset - MARGIN_BYTES);
        // The block stays empty if reading fails.
        blockEnd = blockStart;
        const needed = offset - blockStart + byteLength;
        if (block.length < needed) block = Buffer.allocUnsafe(needed);
        const readable = Math.min(block.length, part.end - blockStart);
        blockEnd = blockStart + readSync(part.descriptor, block, 0, readable, blockStart - part.start);
      }
      return block.toString('utf8', offset - blockStart, offset - blockStart + byteLength - 1);
    },
    close() {
      for (const part of parts) closeSync(part.descriptor);
    },
  };
}
