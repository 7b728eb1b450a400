/** Answers from an earlier run's journal, by what was on the wire: scorers and reports can be tried without sending. */

import type { Result } from '../types.ts';
import { decodeLine } from './journal-line.ts';
import { openJournalReader, scanJournal } from './journal-parts.ts';

export interface Replay {
  /** The earlier result of the same request and repeat; null when that run has none. */
  find(requestHash: string, repeat: number): Result | null;
  close(): void;
}

/** Reads the journal once; keeps the place of each result, not the results. */
export async function openReplay(directory: string): Promise<Replay> {
  const places = new Map<string, { readonly offset: number; readonly byteLength: number }>();
  await scanJournal(directory, ({ head, text, offset, byteLength }) => {
    if (head.type !== 'result') return;
    const entry = decodeLine(text);
    if (entry.type === 'result') places.set(keyOf(entry.data.requestHash, entry.data.repeat), { offset, byteLength });
  });
  const reader = openJournalReader(directory);
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
