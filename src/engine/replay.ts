/** Answers from an earlier run's journal, by what was on the wire: scorers and reports can be tried without sending. */

import { HashSet64 } from '../dataset/hash-set-64.ts';
import type { Result } from '../result.ts';
import type { LinePlace } from './journal.ts';
import { decodeLine } from './journal-line.ts';
import { openJournalReader, scanJournal } from './journal-parts.ts';
import { isDone } from './resume.ts';

export interface Replay {
  /** The earlier result of the same request and repeat; null when that run has none. */
  find(requestHash: string, repeat: number): Result | null;
  close(): void;
}

interface ReplayOptions {
  /** Leaves out what another attempt may mend, for a run that sends what is not there. */
  readonly onlyFinished?: boolean;
}

/** Reads the journal once; keeps the place of each result, not the results. An answer wins over any failure. */
export async function openReplay(directory: string, { onlyFinished = false }: ReplayOptions = {}): Promise<Replay> {
  const places = new Map<string, LinePlace>();
  const answered = new HashSet64();
  await scanJournal(directory, ({ head, text, offset, byteLength }) => {
    if (head.type !== 'result') return;
    const entry = decodeLine(text);
    if (entry.type !== 'result') return;
    const key = keyOf(entry.data.requestHash, entry.data.repeat);
    if (entry.data.status === 'completed') answered.add(key);
    else if (answered.has(key) || (onlyFinished && !isDone(entry.data))) return;
    places.set(key, { offset, byteLength });
  });
  const reader = await openJournalReader(directory);
  return {
    find(requestHash, repeat) {
      const place = places.get(keyOf(requestHash, repeat));
      if (place === undefined) return null;
      const entry = decodeLine(reader.line(place.offset, place.byteLength));
      return entry.type === 'result' ? entry.data : null;
    },
    close: reader.close,
  };
}

function keyOf(requestHash: string, repeat: number): string {
  return `${requestHash} ${repeat}`;
}
