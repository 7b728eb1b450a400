/** The append-only journal: every line is numbered and written as it comes, waits while the disk is full, and is never dropped. */

import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../limits/clock.ts';
import { type Disk, type JournalFile, openJournalFile, systemDisk } from './journal-file.ts';
import { type ByteRange, encodeLine, type JournalEntry, type JournalHeader } from './journal-line.ts';
import { JOURNAL_FILE } from './journal-parts.ts';
import { type JournalScan, scanJournal } from './journal-scan.ts';

/** Torn tails that were cut off, kept for a person to look at. */
export const DAMAGED_FILE = 'journal.damaged';

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
  /** What was read of the journal just before; default: it is read now. */
  readonly scan?: JournalScan;
  readonly partBytes?: number;
  /** Injected to test full and failing disks. */
  readonly disk?: Partial<Disk>;
}

export interface Journal {
  /** Writes one line; when the disk refuses, the line stays in memory and is tried again until it is written. */
  append(entry: JournalEntry, onWritten?: (byteRange: ByteRange) => void): void;
  /** Resolves when no line waits for the disk, or when the signal aborts: new calls are paid for only then. */
  ready(signal: AbortSignal): Promise<void>;
  /** Writes, syncs and closes. @throws {Error} when lines could not be written; `unwritten()` has them. */
  close(): Promise<void>;
  unwritten(): readonly string[];
}

/** Opens a journal, repairs its tail and goes on behind its last good line, or starts it with the header. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { directory } = options;
  const scan = options.scan ?? (await scanJournal(directory, () => {}));
  const path = join(directory, JOURNAL_FILE);
  const start = scan.goodBytes;
  if (existsSync(path) && statSync(path).size > start) {
    appendFileSync(join(directory, DAMAGED_FILE), readFileSync(path).subarray(start));
  }
  return createJournal(options, scan);
}

function createJournal(options: JournalOptions, { goodBytes, finishedBytes, lastSeq }: JournalScan): Journal {
  let seq = lastSeq + 1;
  let closed = false;
  const waiting: { readonly line: string; readonly onWritten: ((byteRange: ByteRange) => void) | undefined }[] = [];
  let stall: { readonly over: Promise<void>; readonly end: () => void } | null = null;
  const stopRetry = new AbortController();
  /** Once an fsync has failed, nothing more is paid for on this disk. */
  let syncError: Error | null = null;
  const file: JournalFile = openJournalFile({
    directory: options.directory,
    start: goodBytes,
    base: finishedBytes,
    partBytes: options.partBytes ?? PART_BYTES,
    disk: { ...systemDisk, ...options.disk },
    onSyncFailed(error) {
      if (syncError === null) options.onStall?.(error);
      syncError ??= error;
    },
  });

  /** Writes what waits; false when the disk refuses. */
  const drain = (): boolean => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      let byteRange: ByteRange;
      try {
        byteRange = file.put(next.line);
      } catch (error) {
        beginStall(error instanceof Error ? error : new Error(String(error)));
        return false;
      }
      waiting.shift();
      next.onWritten?.(byteRange);
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
    file.syncWhenDue();
    if (waiting.length === 0) options.onStall?.(null);
    stall?.end();
    stall = null;
  };

  const append = (entry: JournalEntry, onWritten?: (byteRange: ByteRange) => void) => {
    if (closed) throw new Error('the journal is closed');
    waiting.push({ line: encodeLine(seq, entry), onWritten });
    seq += 1;
    if (stall !== null || !drain()) return;
    file.syncWhenDue();
    if (file.rotateWhenFull()) append({ type: 'header', data: options.header });
  };

  if (goodBytes === 0) append({ type: 'header', data: options.header });

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
      await file.close();
      if (waiting.length > 0) throw new Error(`${waiting.length} journal lines could not be written`);
      if (syncError !== null) throw syncError;
    },
    unwritten: () => waiting.map(({ line }) => line),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
