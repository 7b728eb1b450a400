/** Answers from an earlier run's journal, by what was on the wire: scorers and reports can be tried without sending. */

import { HashSet64 } from '../collections/hash-set-64.ts';
import { cellKey } from '../plan/request-hash.ts';
import type { Result } from '../result.ts';
import { type ByteRange, decodeLine } from './journal-line.ts';
import { openJournalReader } from './journal-reader.ts';
import { scanJournal } from './journal-scan.ts';
import { isDone } from './resume.ts';

export interface Replay {
  /** The earlier result of this cell, else the answer to another with the same request and repeat; null when that run has none. */
  find(cell: ReplayedCell): Result | null;
  close(): void;
}

/** What tells a cell; the request alone may be that of several samples or models. */
export type ReplayedCell = Pick<Result, 'requestHash' | 'sampleId' | 'modelId' | 'repeat'>;

interface ReplayOptions {
  /** Leaves out what another attempt may mend, for a run that sends what is not there. */
  readonly onlyFinished?: boolean;
}

/** Reads the journal once; keeps the byte range of each result, not the results. An answer wins over any failure. */
export async function openReplay(directory: string, { onlyFinished = false }: ReplayOptions = {}): Promise<Replay> {
  const byteRanges = new Map<string, ByteRange>();
  const completed = new HashSet64();
  await scanJournal(directory, ({ head, text, offset, byteLength }) => {
    if (head.type !== 'result') return;
    const entry = decodeLine(text);
    // What was skipped was never asked.
    if (entry.type !== 'result' || entry.data.status === 'skipped') return;
    for (const key of keysOf(entry.data)) {
      if (entry.data.status === 'completed') completed.add(key);
      else if (completed.has(key) || (onlyFinished && !isDone(entry.data))) continue;
      byteRanges.set(key, { offset, byteLength });
    }
  });
  const reader = await openJournalReader(directory);
  return {
    find(cell) {
      const keys = keysOf(cell);
      const byteRange = byteRanges.get(keys.find((key) => byteRanges.has(key)) ?? '');
      if (byteRange === undefined) return null;
      const entry = decodeLine(reader.line(byteRange.offset, byteRange.byteLength));
      return entry.type === 'result' ? entry.data : null;
    },
    close: reader.close,
  };
}

function keysOf({ requestHash, sampleId, modelId, repeat }: ReplayedCell): readonly string[] {
  return [cellKey(requestHash, sampleId, modelId, repeat), `${requestHash} ${repeat}`];
}
