/** What an earlier execution of the same run has left in the journal. */

import { HashSet64 } from '../dataset/hash-set-64.ts';
import type { Result } from '../types.ts';
import type { Answered } from './attempt.ts';
import { turnsKey } from './converse.ts';
import { cellKey } from './identity.ts';
import type { LinePlace } from './journal.ts';
import { decodeLine } from './journal-line.ts';
import type { JournalLine } from './journal-read.ts';
import { createResultIndex, type ResultIndex } from './result-index.ts';
import { isRetriedOnResume } from './retry.ts';

/** Filled line by line while the journal is opened. */
export interface Progress {
  /** Newest result of each cell. */
  readonly index: ResultIndex;
  /** Cells that need not be asked again. */
  readonly done: HashSet64;
  /** Answers of unfinished `turns` samples, by `turnsKey`. */
  readonly turns: Map<string, Answered[]>;
  /** Of the newest header or rebase line; null in an empty journal. */
  runIdentity: string | null;
  runId: string | null;
  /** USD over all results, superseded ones too: what was paid is paid. */
  spentUsd: number;
  /** Places of finished cells by their key, for a run whose manifest changed; null = not needed. */
  readonly kept: Map<string, LinePlace> | null;
}

/** `keep` remembers where each finished cell stands, at the price of memory. */
export function emptyProgress(keep = false): Progress {
  return {
    index: createResultIndex(),
    done: new HashSet64(),
    turns: new Map(),
    runIdentity: null,
    runId: null,
    spentUsd: 0,
    kept: keep ? new Map() : null,
  };
}

/** Takes one journal line into account, oldest first. */
export function recall(progress: Progress, line: JournalLine): void {
  if (line.head.type === 'attempt' || line.head.type === 'limit') return;
  const entry = decodeLine(line.text);
  switch (entry.type) {
    case 'header':
      progress.runIdentity ??= entry.data.runIdentity;
      progress.runId ??= entry.data.runId;
      return;
    case 'rebase':
      progress.index.clear();
      progress.runIdentity = entry.data.runIdentity;
      return;
    case 'turn': {
      const key = turnsKey(entry.data.requestHash, entry.data.modelId, entry.data.repeat);
      const answers = progress.turns.get(key) ?? [];
      answers[entry.data.turn] = entry.data.answered;
      progress.turns.set(key, answers);
      return;
    }
    case 'result':
      progress.index.set(entry.cell, line.offset, line.byteLength);
      progress.spentUsd += entry.data.costUsd ?? 0;
      if (isDone(entry.data)) {
        progress.done.add(keyOf(entry.data));
        progress.kept?.set(keyOf(entry.data), line);
        progress.turns.delete(turnsKey(entry.data.requestHash, entry.data.modelId, entry.data.repeat));
      }
      return;
  }
}

/** True when asking again would only pay again. */
function isDone(result: Result): boolean {
  return result.status === 'completed' || !isRetriedOnResume(result.failure.kind);
}

function keyOf(result: Result): string {
  return cellKey(result.requestHash, result.sampleId, result.modelId, result.repeat);
}
