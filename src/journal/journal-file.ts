/** The part of the journal that is being written: each line goes to write(2) at once, fsyncs are grouped, full parts are finished. */

import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { openFile } from '../files/open-file.ts';
import { createGroupedSync } from './grouped-sync.ts';
import type { ByteRange } from './journal-line.ts';
import { JOURNAL_FILE, nextPartName } from './journal-parts.ts';

/** The calls that fail on a full or broken disk. */
export interface Disk {
  readonly write: (descriptor: number, bytes: Buffer, offset: number, length: number, position: number) => number;
  readonly sync: (descriptor: number, done: (error: Error | null) => void) => void;
  readonly syncNow: (descriptor: number) => void;
  /** `mode` are the permissions of a new file. */
  readonly open: (path: string, flags: 'r+' | 'wx+', mode?: number) => number;
}

export const systemDisk: Disk = {
  write: writeSync,
  sync: fdatasync,
  syncNow: fdatasyncSync,
  open: (path, flags, mode = 0o666) => openFile(path, flags === 'r+' ? 'update' : 'create', { mode }),
};

export interface JournalFile {
  /** Writes a whole line or nothing. @throws {Error} the error of the disk. */
  put(line: string): ByteRange;
  /** Call it after `put`: makes sure that the lines are synced soon. */
  syncWhenDue(): void;
  /** Finishes a part that is large enough; true = a new part was started, and needs its header. */
  rotateWhenFull(): boolean;
  /** Syncs and closes. */
  close(): Promise<void>;
}

export interface JournalFileOptions {
  readonly directory: string;
  /** Bytes of the part to keep; the rest is cut off. */
  readonly start: number;
  /** Bytes of the finished parts. */
  readonly base: number;
  readonly partBytes: number;
  /** Permissions of a new journal, before the umask; later parts get those of the part before. Default 0o666. */
  readonly mode?: number | undefined;
  readonly disk: Disk;
  /** After a failed fsync the state of the pages is unknown. */
  readonly onSyncFailed: (error: Error) => void;
}

export function openJournalFile({
  directory,
  start,
  partBytes,
  mode,
  disk,
  ...options
}: JournalFileOptions): JournalFile {
  const path = join(directory, JOURNAL_FILE);
  const exists = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  let descriptor = disk.open(path, exists ? 'r+' : 'wx+', mode);
  ftruncateSync(descriptor, start);
  let base = options.base;
  let size = start;
  const groupedSync = createGroupedSync((done) => disk.sync(descriptor, done), options.onSyncFailed);

  /** Renames the full part and opens a new one; null when the disk does not allow it now. */
  const openNextPart = (): number | null => {
    try {
      const finished = join(directory, nextPartName(directory));
      renameSync(path, finished);
      try {
        return disk.open(path, 'wx+', fstatSync(descriptor).mode & 0o666);
      } catch {
        renameSync(finished, path);
      }
    } catch {
      // The part stays open, whatever its name is.
    }
    return null;
  };
  /** A part that cannot be finished now keeps growing; the next line tries again. */
  const rotate = (): boolean => {
    try {
      disk.syncNow(descriptor);
    } catch (error) {
      options.onSyncFailed(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
    const next = openNextPart();
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
      writeWhole(disk, descriptor, bytes, size);
      const byteRange = { offset: base + size, byteLength: bytes.length };
      size += bytes.length;
      groupedSync.addLine();
      return byteRange;
    },
    syncWhenDue: groupedSync.syncWhenDue,
    rotateWhenFull: () => size >= partBytes && !groupedSync.isRunning() && rotate(),
    async close() {
      await groupedSync.finish();
      closeSync(descriptor);
    },
  };
}

/** Writes all bytes at the end of the file, `size`, or leaves the file as it was. */
function writeWhole(disk: Disk, descriptor: number, bytes: Buffer, size: number): void {
  let written = 0;
  try {
    while (written < bytes.length) {
      written += disk.write(descriptor, bytes, written, bytes.length - written, size + written);
    }
  } catch (error) {
    if (written > 0) ftruncateSync(descriptor, size);
    throw error;
  }
}
