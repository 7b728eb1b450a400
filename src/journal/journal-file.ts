/** The part of the journal that is being written: lines go to write(2) as they come, fsync is grouped, parts are rotated. */

import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ByteRange } from './journal-line.ts';
import { JOURNAL_FILE, nextPartName } from './journal-parts.ts';

/** Most lines between two fsyncs, and the longest a written line waits for one. */
const SYNC_LINES = 64;
const SYNC_MS = 100;

/** The calls that full and failing disks refuse. */
export interface Disk {
  readonly write: (descriptor: number, bytes: Buffer, offset: number, length: number, position: number) => number;
  readonly sync: (descriptor: number, done: (error: Error | null) => void) => void;
  readonly syncNow: (descriptor: number) => void;
  readonly open: (path: string, flags: 'r+' | 'wx+') => number;
}

export const systemDisk: Disk = { write: writeSync, sync: fdatasync, syncNow: fdatasyncSync, open: openSync };

export interface JournalFile {
  /** Writes a line whole or not at all. @throws {Error} what the disk said. */
  put(line: string): ByteRange;
  /** Sees to the next fsync: call it when lines were put. */
  syncWhenDue(): void;
  /** Finishes a part that has its size; true = the next one was begun, and needs its header. */
  rotateWhenFull(): boolean;
  /** Syncs and closes. */
  close(): Promise<void>;
}

export interface JournalFileOptions {
  readonly directory: string;
  /** Bytes of the part that stay; the rest is cut off. */
  readonly start: number;
  /** Bytes of the finished parts. */
  readonly base: number;
  readonly partBytes: number;
  readonly disk: Disk;
  /** After a failed fsync the state of the pages is unknown. */
  readonly onSyncFailed: (error: Error) => void;
}

export function openJournalFile({ directory, start, partBytes, disk, ...options }: JournalFileOptions): JournalFile {
  const path = join(directory, JOURNAL_FILE);
  let descriptor = disk.open(path, existsSync(path) ? 'r+' : 'wx+');
  ftruncateSync(descriptor, start);
  let base = options.base;
  let size = start;
  /** Lines since the last fsync began. */
  let dirty = 0;
  let syncing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const syncWhenDue = () => {
    if (dirty >= SYNC_LINES) void sync();
    else if (dirty > 0) timer ??= setTimeout(() => void sync(), SYNC_MS);
  };
  const sync = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // What was written since a running one began is not surely in it: its end sees to those lines.
    if (syncing !== null) return syncing;
    dirty = 0;
    syncing = new Promise<void>((resolve) => {
      disk.sync(descriptor, (error) => {
        syncing = null;
        syncWhenDue();
        if (error !== null) options.onSyncFailed(error);
        resolve();
      });
    });
    return syncing;
  };
  /** Puts a new file in the place of the part; null when the disk does not allow it now. */
  const beginPart = (): number | null => {
    try {
      const finished = join(directory, nextPartName(directory));
      renameSync(path, finished);
      try {
        return disk.open(path, 'wx+');
      } catch {
        renameSync(finished, path);
      }
    } catch {
      // The part is open, whatever its name is.
    }
    return null;
  };
  /** A part that cannot be finished now goes on growing; the next line tries again. */
  const rotate = (): boolean => {
    try {
      disk.syncNow(descriptor);
    } catch (error) {
      options.onSyncFailed(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
    const next = beginPart();
    if (next === null) return false;
    closeSync(descriptor);
    descriptor = next;
    base += size;
    size = 0;
    return true;
  };
  return {
    put(line) {
      const bytes = Buffer.from(line, 'utf8');
      let written = 0;
      try {
        while (written < bytes.length) {
          written += disk.write(descriptor, bytes, written, bytes.length - written, size + written);
        }
      } catch (error) {
        if (written > 0) ftruncateSync(descriptor, size);
        throw error;
      }
      const byteRange = { offset: base + size, byteLength: bytes.length };
      size += bytes.length;
      dirty += 1;
      return byteRange;
    },
    syncWhenDue,
    rotateWhenFull: () => size >= partBytes && syncing === null && rotate(),
    async close() {
      if (syncing !== null) await syncing;
      await sync();
      closeSync(descriptor);
    },
  };
}
