/** Where a run's journal lives: finished parts in order, then the one being written, read as one stream of bytes. */

import { closeSync, fstatSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { decodeLine, readHead } from './journal-line.ts';
import { type JournalLine, type JournalScan, scanPart } from './journal-read.ts';
import { GZIP_SUFFIX, openPart, partChunks } from './packed-part.ts';

/** The part being written. */
export const JOURNAL_FILE = 'journal.jsonl';
const FINISHED = /^journal\.(\d{4,})\.jsonl(?:\.gz)?$/;

/** 0 = it is none. */
function partNumber(name: string): number {
  return Number(FINISHED.exec(name)?.[1] ?? 0);
}

/** Name of the next finished part: behind all others, also when one of them was taken away. */
export function nextPartName(directory: string): string {
  const numbers = readdirSync(directory).map(partNumber);
  return `journal.${String(Math.max(0, ...numbers) + 1).padStart(4, '0')}.jsonl`;
}

/** Absolute paths of the parts in order; empty when there is no journal, or no folder of that name. */
export function journalParts(directory: string): readonly string[] {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const names = readdirSync(directory);
  // While a part is being packed both are there, and only the plain one is surely whole.
  const isPackedTwin = (name: string) =>
    name.endsWith(GZIP_SUFFIX) && names.includes(name.slice(0, -GZIP_SUFFIX.length));
  const finished = names
    .filter((name) => FINISHED.test(name) && !isPackedTwin(name))
    .sort((a, b) => partNumber(a) - partNumber(b));
  return [...finished, ...names.filter((name) => name === JOURNAL_FILE)].map((name) => join(directory, name));
}

/** A scan over all parts; offsets count from the start of the first part, and only the part being written has a torn tail. */
export interface JournalsScan extends Omit<JournalScan, 'goodBytes' | 'tail'> {
  /** Of all finished parts, unpacked. */
  readonly finishedBytes: number;
  /** Good bytes of the part being written. */
  readonly goodBytes: number;
}

/**
 * Reads every good line of every part in order. Offsets handed to `visit` are those of `JournalReader.line`.
 * @throws {InputError} for a file that is no journal, or one of another version or with lines of another run.
 */
export async function scanJournal(directory: string, visit: (line: JournalLine) => void): Promise<JournalsScan> {
  let total: JournalsScan = { finishedBytes: 0, goodBytes: 0, tornBytes: 0, damaged: [], lost: 0, lastSeq: -1 };
  let unread = 0;
  let runId: string | null = null;
  for (const path of journalParts(directory)) {
    const start = total.finishedBytes;
    const take = (line: JournalLine) => visit({ ...line, offset: start + line.offset });
    const scan = await scanPart(path, take, { lastSeq: total.lastSeq, unread }, (text) => {
      runId = checkHeader(path, text, runId);
    });
    const isWritten = path === join(directory, JOURNAL_FILE);
    unread = scan.tail.length;
    total = {
      finishedBytes: start + (isWritten ? 0 : scan.goodBytes + scan.tornBytes),
      goodBytes: isWritten ? scan.goodBytes : 0,
      tornBytes: isWritten ? scan.tornBytes : 0,
      damaged: [...total.damaged, ...scan.damaged, ...(isWritten ? [] : scan.tail)],
      lost: total.lost + scan.lost,
      lastSeq: scan.lastSeq,
    };
  }
  return total;
}

/** Returns the run that the header names. */
function checkHeader(path: string, text: string, expected: string | null): string | null {
  const entry = decodeLine(text);
  if (entry.type !== 'header') return expected;
  const { version, runId } = entry.data;
  if (version !== 1)
    throw new InputError({
      file: path,
      message: 'is not the journal of this version of earsight',
      hint: 'use the version that wrote it, or choose another folder',
    });
  if (expected !== null && runId !== expected)
    throw new InputError({
      file: path,
      message: `holds lines of another run (${runId} beside ${expected})`,
      hint: 'put each run into a folder of its own',
    });
  return runId;
}

/** The id of the run that wrote the journal; null without one, or when its first line is damaged. */
export async function journalRunId(directory: string): Promise<string | null> {
  const [first] = journalParts(directory);
  if (first === undefined) return null;
  for await (const chunk of partChunks(first)) {
    const line = chunk.toString('utf8', 0, Math.max(0, chunk.indexOf('\n')));
    return readHead(line)?.type === 'header' ? checkHeader(first, line, null) : null;
  }
  return null;
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
