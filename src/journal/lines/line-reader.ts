/** Reads lines of a journal that is still being written. */

import { type ByteRange, decodeLine, type JournalEntry } from '../journal-line.ts';
import { type JournalReader, openJournalReader } from '../journal-reader.ts';

export interface LineReader {
  /** A line that is on the disk, also one that was appended after the reader was made. */
  read(at: ByteRange): Promise<JournalEntry>;
  close(): Promise<void>;
}

/** Opens nothing before the first line is read. */
export function createLineReader(directory: string): LineReader {
  let opened: Promise<JournalReader> | null = null;
  return {
    async read({ offset, byteLength }) {
      for (;;) {
        const isNew = opened === null;
        opened ??= openJournalReader(directory);
        const current: Promise<JournalReader> = opened;
        const reader = await current;
        // Another caller has closed it, and opened the next one.
        if (current !== opened) continue;
        if (isNew || offset < reader.endOffset) return decodeLine(reader.line(offset, byteLength));
        opened = null;
        reader.close();
      }
    },
    async close() {
      (await opened)?.close();
      opened = null;
    },
  };
}
