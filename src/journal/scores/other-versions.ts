/** Results whose scores were made by other versions of the scorers than the current ones. */

import type { Score } from '../../result.ts';
import { otherVersion } from '../../scorers/registry.ts';

export interface OtherVersions {
  /** Call it with each result of a row; the newest one counts. */
  add(rowIndex: number, scores: readonly Score[]): void;
  clear(): void;
  rows(): Iterable<number>;
  readonly size: () => number;
  /** `scores of exact 1, wer 1 are of another version`: what made the scores. */
  sentence(): string;
}

export function createOtherVersions(): OtherVersions {
  const rows = new Set<number>();
  const versions = new Set<string>();
  return {
    add(rowIndex, scores) {
      const others = scores.map(otherVersion).filter((version) => version !== null);
      if (others.length === 0) rows.delete(rowIndex);
      else rows.add(rowIndex);
      for (const version of others) versions.add(version);
    },
    clear() {
      rows.clear();
      versions.clear();
    },
    rows: () => rows,
    size: () => rows.size,
    sentence: () => `their scores are of other versions of the scorers (${[...versions].sort().join(', ')})`,
  };
}
