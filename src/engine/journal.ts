/** The append-only journal: every line goes to write(2) as it comes, fsync is grouped, a torn tail is repaired. */

import {
  appendFileSync,
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { encodeLine, type JournalEntry, type JournalHeader } from './journal-line.ts';
import { JOURNAL_FILE, type JournalsScan, nextPartName, scanJournal } from './journal-parts.ts';
import type { JournalLine } from './journal-read.ts';

/** Torn tails that were cut off, kept for a person to look at. */
export const DAMAGED_FILE = 'journal.damaged';

/** Most results between two fsyncs, and the longest a written line waits for one. */
const SYNC_LINES = 64;
const SYNC_MS = 100;
/** A full disk is tried again this often. */
const STALL_RETRY_MS = 1000;
/** A part is finished at this size, so that no tool has to open a huge file. */
const PART_BYTES = 2 ** 30;

export interface JournalOptions {
  readonly directory: string;
  readonly header: JournalHeader;
  readonly clock: Clock;
  /** Called with the error when the disk refuses a write, and with null when it takes writes again. */
  readonly onStall?: (error: Error | null) => void;
  /** Every good line already there, oldest first. */
  readonly onLine?: (line: JournalLine) => void;
  /** Called when all are read and before anything is written; may throw to leave the folder as it is. */
  readonly onScanned?: (scan: JournalsScan) => void | Promise<void>;
  readonly partBytes?: number;
  /** The write call, injected to test full and failing disks. */
  readonly write?: (descriptor: number, bytes: Buffer, offset: number, length: number, position: number) => number;
}

/** Where a line stands, as `JournalReader.line` takes it; null while the disk refuses it. */
export interface LinePlace {
  readonly offset: number;
  readonly byteLength: number;
}

export interface Journal {
  /** Writes one line; when the disk refuses, the line stays in memory and is tried again until it is written. */
  append(entry: JournalEntry, onWritten?: (place: LinePlace) => void): void;
  /** Resolves when no line waits for the disk, or when the signal aborts: new calls are paid for only then. */
  ready(signal: AbortSignal): Promise<void>;
  /** Writes, syncs and closes. @throws {Error} when lines could not be written; `unwritten()` has them. */
  close(): Promise<void>;
  unwritten(): readonly string[];
}

/** Opens a journal, repairs its tail and goes on behind its last good line, or starts it with the header. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { directory } = options;
  const scan = await scanJournal(directory, options.onLine ?? (() => {}));
  await options.onScanned?.(scan);
  const path = join(directory, JOURNAL_FILE);
  const start = scan.goodBytes;
  if (existsSync(path) && statSync(path).size > start) {
    appendFileSync(join(directory, DAMAGED_FILE), readFileSync(path).subarray(start));
  }
  return createJournal(options, path, { start, base: scan.finishedBytes, seq: scan.lastSeq + 1 });
}

function createJournal(
  options: JournalOptions,
  path: string,
  from: { readonly start: number; readonly base: number; readonly seq: number },
): Journal {
  const write = options.write ?? writeSync;
  const mostBytes = options.partBytes ?? PART_BYTES;
  let descriptor = openSync(path, existsSync(path) ? 'r+' : 'wx+');
  ftruncateSync(descriptor, from.start);
  /** Bytes of finished parts, then of the current one. */
  let base = from.base;
  let size = from.start;
  let seq = from.seq;
  let closed = false;
  let dirty = 0;
  let syncing: Promise<void> | null = null;
  let syncTimer: NodeJS.Timeout | null = null;
  let syncError: Error | null = null;
  const waiting: { readonly line: string; readonly onWritten: ((place: LinePlace) => void) | undefined }[] = [];
  let stall: { readonly over: Promise<void>; readonly end: () => void } | null = null;
  const stopRetry = new AbortController();

  /** After a failed fsync the state of the pages is unknown: nothing more is paid for on this disk. */
  const distrust = (error: unknown) => {
    syncError = error instanceof Error ? error : new Error(String(error));
    options.onStall?.(syncError);
  };

  const syncWhenDue = () => {
    if (dirty >= SYNC_LINES) void sync();
    else if (dirty > 0) syncTimer ??= setTimeout(() => void sync(), SYNC_MS);
  };

  const sync = (): Promise<void> => {
    if (syncTimer !== null) clearTimeout(syncTimer);
    syncTimer = null;
    // What was written since a running one began is not surely in it: its end sees to those lines.
    if (syncing !== null) return syncing;
    dirty = 0;
    syncing = new Promise<void>((resolve) => {
      fdatasync(descriptor, (error) => {
        syncing = null;
        syncWhenDue();
        if (error !== null) distrust(error);
        resolve();
      });
    });
    return syncing;
  };

  const put = (line: string): LinePlace => {
    const bytes = Buffer.from(line, 'utf8');
    let written = 0;
    try {
      while (written < bytes.length) {
        written += write(descriptor, bytes, written, bytes.length - written, size + written);
      }
    } catch (error) {
      if (written > 0) ftruncateSync(descriptor, size);
      throw error;
    }
    const place = { offset: base + size, byteLength: bytes.length };
    size += bytes.length;
    dirty += 1;
    return place;
  };

  /** Writes what waits; false when the disk refuses. */
  const drain = (): boolean => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      let place: LinePlace;
      try {
        place = put(next.line);
      } catch (error) {
        beginStall(error instanceof Error ? error : new Error(String(error)));
        return false;
      }
      waiting.shift();
      next.onWritten?.(place);
    }
    return true;
  };

  const beginStall = (error: Error) => {
    if (stall !== null) return;
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    stall = { over, end };
    // Whoever closes learns it from the error that closing throws.
    if (!closed) options.onStall?.(error);
    void retryUntilWritten();
  };

  const retryUntilWritten = async () => {
    while (!stopRetry.signal.aborted) {
      await options.clock.sleep(STALL_RETRY_MS, stopRetry.signal);
      if (drain()) break;
    }
    syncWhenDue();
    if (waiting.length === 0) options.onStall?.(null);
    stall?.end();
    stall = null;
  };

  /** A part that cannot be finished now goes on growing; the next line tries again. */
  const rotate = () => {
    try {
      fdatasyncSync(descriptor);
    } catch (error) {
      distrust(error);
      return;
    }
    const finished = join(options.directory, nextPartName(options.directory));
    renameSync(path, finished);
    let next: number;
    try {
      next = openSync(path, 'wx+');
    } catch {
      renameSync(finished, path);
      return;
    }
    closeSync(descriptor);
    descriptor = next;
    base += size;
    size = 0;
    append({ type: 'header', data: options.header });
  };

  const append = (entry: JournalEntry, onWritten?: (place: LinePlace) => void) => {
    if (closed) throw new Error('the journal is closed');
    waiting.push({ line: encodeLine(seq, entry), onWritten });
    seq += 1;
    if (stall !== null || !drain()) return;
    syncWhenDue();
    if (size >= mostBytes && syncing === null) rotate();
  };

  if (from.start === 0) append({ type: 'header', data: options.header });

  return {
    append,
    async ready(signal) {
      while (stall !== null && !signal.aborted) await Promise.race([stall.over, aborted(signal)]);
      if (syncError !== null) throw syncError;
    },
    async close() {
      if (closed) return;
      closed = true;
      stopRetry.abort();
      while (stall !== null) await stall.over;
      if (waiting.length > 0) drain();
      if (syncing !== null) await syncing;
      await sync();
      closeSync(descriptor);
      if (waiting.length > 0) throw new Error(`${waiting.length} journal lines could not be written`);
      if (syncError !== null) throw syncError;
    },
    unwritten: () => waiting.map(({ line }) => line),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
