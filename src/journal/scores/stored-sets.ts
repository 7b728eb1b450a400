/** The sets of scores in a journal, and where the scores of each cell are. */

import { createResultIndex, type ResultIndex } from '../../collections/result-index.ts';
import type { ByteRange } from '../journal-line.ts';
import type { CellScoreLine, ScoreSet } from '../lines/score-line.ts';
import { createOtherVersions, type OtherVersions } from './other-versions.ts';

/** Each has an index of all cells. */
export const MAX_SETS = 100;

export interface StoredSet {
  readonly info: ScoreSet;
  /** Newest scores of each cell, by row index. */
  readonly index: ResultIndex;
  readonly otherVersions: OtherVersions;
}

export interface StoredSets {
  /** Returns false for a line that there is no room for. */
  addScores(rowIndex: number, line: CellScoreLine, byteRange: ByteRange): boolean;
  /** The lines of the set so far belong together. Returns false when there are too many sets. */
  complete(set: ScoreSet): boolean;
  /** Rows mean other cells from now on. */
  clear(): void;
  /** The complete sets in the order in which they were made. */
  list(): readonly StoredSet[];
}

export function createStoredSets(): StoredSets {
  const sets = new Map<string, StoredSet>();
  const open = new Map<string, Omit<StoredSet, 'info'>>();
  return {
    addScores(rowIndex, { set, scores }, { offset, byteLength }) {
      const lines = open.get(set) ?? { index: createResultIndex(), otherVersions: createOtherVersions() };
      if (open.size >= MAX_SETS && !open.has(set)) return false;
      if (!lines.index.canHold(rowIndex)) return false;
      open.set(set, lines);
      lines.index.set(rowIndex, offset, byteLength);
      lines.otherVersions.add(rowIndex, scores);
      return true;
    },
    complete(info) {
      if (sets.size >= MAX_SETS && !sets.has(info.name)) return false;
      const lines = open.get(info.name) ?? { index: createResultIndex(), otherVersions: createOtherVersions() };
      open.delete(info.name);
      sets.delete(info.name);
      sets.set(info.name, { info, ...lines });
      return true;
    },
    clear() {
      sets.clear();
      open.clear();
    },
    list: () => [...sets.values()],
  };
}
