/** Sends what a worker writes into its own journal to the coordinator, each line as soon as it is in the journal. */

import type { Redis } from 'ioredis';
import type { Journal } from '../../journal/journal.ts';
import type { JournalEntry } from '../../journal/journal-line.ts';
import type { KeptSound } from '../../result.ts';
import type { RunNames } from '../names.ts';
import { sendEntry } from '../results-stream.ts';
import { soundsOf } from '../sent-sounds.ts';

export interface Publisher {
  /** The worker's journal; results and turns are sent, too. */
  readonly journal: Journal;
  /** Sends a line that is in the journal. */
  send(entry: JournalEntry): void;
  /** The row is a cell of this job. */
  belongs(row: number, chunk: string): void;
  /** Whether Redis has the result of the row. */
  isSent(row: number): boolean;
  /** The rows are finished with. */
  forget(rows: readonly number[]): void;
  /** Resolves when Redis has everything that was written so far; waits while it cannot be reached. */
  sent(): Promise<void>;
}

export interface PublisherOptions {
  readonly redis: Redis;
  readonly names: RunNames;
  readonly journal: Journal;
  /** The bytes of a sound in base64. */
  readonly soundOf: (sound: KeptSound) => string;
}

export function createPublisher({ redis, names, journal, soundOf }: PublisherOptions): Publisher {
  const chunks = new Map<number, string>();
  const sentRows = new Set<number>();
  const pending = new Set<Promise<void>>();
  let failure: unknown = null;

  const send = (entry: JournalEntry) => {
    const row = entry.type === 'result' ? entry.cell : -1;
    const sending = sendEntry(redis, names, { entry, sounds: soundsOf(entry, soundOf) }, chunks.get(row))
      .then(() => {
        if (row >= 0) sentRows.add(row);
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => pending.delete(sending));
    pending.add(sending);
  };
  return {
    journal: {
      ...journal,
      append: (entry, onWritten) =>
        journal.append(entry, (range) => {
          onWritten?.(range);
          if (entry.type === 'result' || entry.type === 'turn') send(entry);
        }),
    },
    send,
    belongs: (row, chunk) => void chunks.set(row, chunk),
    isSent: (row) => sentRows.has(row),
    forget(rows) {
      for (const row of rows) {
        chunks.delete(row);
        sentRows.delete(row);
      }
    },
    async sent() {
      while (pending.size > 0) await Promise.all(pending);
      if (failure !== null) throw failure;
    },
  };
}
