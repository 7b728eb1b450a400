/** Where a run's journal lives: finished parts in order, then the one being written, read as one stream of bytes. */

import { closeSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { decodeLine } from './journal-line.ts';
import { type JournalLine, type JournalScan, scanPart } from './journal-read.ts';
import { GZIP_SUFFIX, openPart, partBytes } from './packed-part.ts';

/** The part being written. */
export const JOURNAL_FILE = 'journal.jsonl';
const FINISHED = /^journal\.\d{4,}\.jsonl(?:\.gz)?$/;

/** Name of the n-th finished part, from 1. */
export function finishedPartName(number: number): string {
  return `journal.${String(number).padStart(4, '0')}.jsonl`;
}

/** Absolute paths of the parts in order; empty when there is no journal, or no folder of that name. */
export function journalParts(directory: string): readonly string[] {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const names = readdirSync(directory);
  // While a part is being packed both are there, and only the plain one is surely whole.
  const isPackedTwin = (name: string) =>
    name.endsWith(GZIP_SUFFIX) && names.includes(name.slice(0, -GZIP_SUFFIX.length));
  const finished = names.filter((name) => FINISHED.test(name) && !isPackedTwin(name)).sort();
  return [...finished, ...names.filter((name) => name === JOURNAL_FILE)].map((name) => join(directory, name));
}

/** A scan over all parts; offsets count from the start of the first part. */
export interface JournalsScan extends JournalScan {
  /** Of the last part alone. */
  readonly lastPartGoodBytes: number;
}

/**
 * Reads every good line of every part in order. Offsets handed to `visit` are those of `JournalReader.line`.
 * @throws {InputError} for a file that is no journal, or one of another version.
 */
export async function scanJournal(directory: string, visit: (line: JournalLine) => void): Promise<JournalsScan> {
  const parts = journalParts(directory);
  let total: JournalsScan = { goodBytes: 0, tornBytes: 0, damaged: [], lost: 0, lastSeq: -1, lastPartGoodBytes: 0 };
  let base = 0;
  for (const path of parts) {
    const start = base;
    const take = (line: JournalLine) => {
      if (line.head.type === 'header') checkVersion(path, line.text);
      visit({ ...line, offset: start + line.offset });
    };
    const scan = await scanPart(path, take, total.lastSeq);
    total = {
      goodBytes: start + scan.goodBytes,
      tornBytes: total.tornBytes + scan.tornBytes,
      damaged: [...total.damaged, ...scan.damaged],
      lost: total.lost + scan.lost,
      lastSeq: scan.lastSeq,
      lastPartGoodBytes: scan.goodBytes,
    };
    base += partBytes(path);
  }
  return total;
}

function checkVersion(path: string, text: string): void {
  const entry = decodeLine(text);
  if (entry.type !== 'header' || entry.data.version === 1) return;
  throw new InputError({
    file: path,
    message: 'is not the journal of this version of earsight',
    hint: 'use the version that wrote it, or choose another folder',
  });
}

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
    const start = end;
    end += partBytes(path);
    parts.push({ descriptor: await openPart(path), start, end });
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
