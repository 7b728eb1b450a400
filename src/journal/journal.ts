/** The append-only journal: every line is numbered and written at once, waits while the disk is full, and is never dropped. */

import { closeSync, fstatSync, lstatSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openFile } from '../files/open-file.ts';
import type { Clock } from '../limits/clock.ts';
import { type Disk, openJournalFile, systemDisk } from './journal-file.ts';
import { encodeLine, type JournalEntry, type JournalHeader } from './journal-line.ts';
import { JOURNAL_FILE } from './journal-parts.ts';
import { type JournalScan, scanJournal } from './journal-scan.ts';
import { shortened } from './oversized.ts';
import { DAMAGED_FILE } from './run-files.ts';
import { MAX_LINE_BYTES } from './split-lines.ts';
import { createWriteQueue, type OnWritten } from './write-queue.ts';

/** A part is finished at this size, so that no tool has to open a huge file. */
const PART_BYTES = 2 ** 30;

export interface JournalOptions {
  readonly directory: string;
  readonly header: JournalHeader;
  readonly clock: Clock;
  /** Called with the error when a write to the disk fails, and with null when the disk accepts writes again. */
  readonly onStall?: (error: Error | null) => void;
  /** A scan of the journal from just before; default: it is scanned now. */
  readonly scan?: JournalScan;
  readonly partBytes?: number;
  /** Permissions of new files, before the umask; default 0o666. */
  readonly mode?: number;
  /** Injected to test full and failing disks. */
  readonly disk?: Partial<Disk>;
}

export interface Journal {
  /** Writes one line; when the disk does not accept it, the line stays in memory and is retried until it is written. */
  append(entry: JournalEntry, onWritten?: OnWritten): void;
  /** Resolves when no line waits for the disk, or when the signal aborts: call it before a request that costs money. */
  ready(signal: AbortSignal): Promise<void>;
  /** Writes, syncs and closes. @throws {Error} when lines could not be written; `unwritten()` returns them. */
  close(): Promise<void>;
  unwritten(): readonly string[];
}

/** Opens a journal, repairs its end and continues after its last good line, or starts it with the header. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { directory } = options;
  const scan = options.scan ?? (await scanJournal(directory, () => {}));
  if (lstatSync(join(directory, JOURNAL_FILE), { throwIfNoEntry: false }) !== undefined)
    keepTail(directory, scan.goodBytes, options.mode);
  return createJournal(options, scan);
}

const COPY_BYTES = 2 ** 20;

/** Appends what follows the last good line to `journal.damaged`. */
function keepTail(directory: string, start: number, mode = 0o666): void {
  const source = openFile(join(directory, JOURNAL_FILE), 'read');
  try {
    if (fstatSync(source).size <= start) return;
    const target = openFile(join(directory, DAMAGED_FILE), 'append', { mode });
    try {
      const block = Buffer.allocUnsafe(COPY_BYTES);
      let position = start;
      for (;;) {
        const length = readSync(source, block, 0, block.length, position);
        if (length === 0) return;
        for (let written = 0; written < length; ) written += writeSync(target, block, written, length - written);
        position += length;
      }
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

function createJournal(options: JournalOptions, { goodBytes, finishedBytes, lastSeq }: JournalScan): Journal {
  const { onStall = () => {} } = options;
  let seq = lastSeq + 1;
  let closed = false;
  /** After an fsync has failed, no more requests are sent: this disk may lose their answers. */
  let syncError: Error | null = null;
  const file = openJournalFile({
    directory: options.directory,
    start: goodBytes,
    base: finishedBytes,
    partBytes: options.partBytes ?? PART_BYTES,
    mode: options.mode,
    disk: { ...systemDisk, ...options.disk },
    onSyncFailed(error) {
      if (syncError === null) onStall(error);
      syncError ??= error;
    },
  });
  const queue = createWriteQueue({ clock: options.clock, write: file.put, onStall, onRetried: file.syncWhenDue });

  const append = (entry: JournalEntry, onWritten?: OnWritten) => {
    if (closed) throw new Error('the journal is closed');
    const line = encodeLine(seq, entry);
    if (isTooLong(line)) {
      const shorter = shortened(entry);
      if (shorter !== null) append(shorter, onWritten);
      return;
    }
    seq += 1;
    if (!queue.add(line, onWritten)) return;
    file.syncWhenDue();
    if (file.rotateWhenFull()) append({ type: 'header', data: options.header });
  };

  if (goodBytes === 0) append({ type: 'header', data: options.header });

  return {
    append,
    async ready(signal) {
      for (let stalled = queue.stalled(); stalled !== null && !signal.aborted; stalled = queue.stalled())
        await Promise.race([stalled, aborted(signal)]);
      if (syncError !== null) throw syncError;
    },
    async close() {
      if (closed) return;
      closed = true;
      await queue.stop();
      await file.close();
      const { length } = queue.unwritten();
      if (length > 0) throw new Error(`${length} journal lines could not be written`);
      if (syncError !== null) throw syncError;
    },
    unwritten: queue.unwritten,
  };
}

/** A character has at most three bytes for each of its UTF-16 units. */
function isTooLong(line: string): boolean {
  return line.length > MAX_LINE_BYTES / 3 && Buffer.byteLength(line) > MAX_LINE_BYTES;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
