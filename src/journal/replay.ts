/** Finds answers in an earlier run's journal by request hash, so that scorers and reports can be tried without sending requests. */

import { HashSet64 } from '../collections/hash-set-64.ts';
import { cellKey } from '../plan/request-hash.ts';
import type { Result } from '../result.ts';
import { damageWarnings } from './journal-damage.ts';
import { type ByteRange, decodeLine } from './journal-line.ts';
import { openJournalReader } from './journal-reader.ts';
import { scanJournal } from './journal-scan.ts';
import type { JudgementLine } from './lines/judgement-line.ts';
import { isDone } from './resume.ts';

export interface Replay {
  /** The earlier result of this cell, or of another cell with the same request and repeat; null = the run has neither. */
  find(cell: ReplayedCell): Result | null;
  /** The reply of a judge by the key of its question; null = the run has none. */
  judgement(key: string): JudgementLine | null;
  close(): void;
}

/** The key of a cell; several samples or models may share the same request. */
export type ReplayedCell = Pick<Result, 'requestHash' | 'sampleId' | 'modelId' | 'repeat'>;

interface ReplayOptions {
  /** Ignores failures that another attempt may fix, for a run that sends missing requests. */
  readonly onlyFinished?: boolean;
  /** Receives a warning for each damaged line; default: dropped. */
  readonly onDamage?: (warning: string) => void;
}

/** Reads the journal once; keeps the byte range of each result, not the results. An answer is preferred to any failure. */
export async function openReplay(
  directory: string,
  { onlyFinished = false, onDamage = () => {} }: ReplayOptions = {},
): Promise<Replay> {
  const byteRanges = new Map<string, ByteRange>();
  const judgements = new Map<string, ByteRange>();
  const completed = new HashSet64();
  const scan = await scanJournal(directory, ({ entry, offset, byteLength }) => {
    if (entry.type === 'judgement' && entry.data.reply !== null) judgements.set(entry.data.key, { offset, byteLength });
    // A skipped cell was never sent.
    if (entry.type !== 'result' || entry.data.status === 'skipped') return;
    for (const key of keysOf(entry.data)) {
      if (entry.data.status === 'completed') completed.add(key);
      else if (completed.has(key) || (onlyFinished && !isDone(entry.data))) continue;
      byteRanges.set(key, { offset, byteLength });
    }
  });
  damageWarnings(scan).forEach(onDamage);
  const reader = await openJournalReader(directory);
  const entryAt = (at: ByteRange | undefined) =>
    at === undefined ? null : decodeLine(reader.line(at.offset, at.byteLength));
  return {
    find(cell) {
      const keys = keysOf(cell);
      const entry = entryAt(byteRanges.get(keys.find((key) => byteRanges.has(key)) ?? ''));
      return entry?.type === 'result' ? entry.data : null;
    },
    judgement(key) {
      const entry = entryAt(judgements.get(key));
      return entry?.type === 'judgement' ? entry.data : null;
    },
    close: reader.close,
  };
}

function keysOf({ requestHash, sampleId, modelId, repeat }: ReplayedCell): readonly string[] {
  return [cellKey(requestHash, sampleId, modelId, repeat), `${requestHash} ${repeat}`];
}
