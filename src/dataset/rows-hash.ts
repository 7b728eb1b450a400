/** A hash of the rows of a manifest as they are written: equal when two machines read the same manifest, whatever part of it they use. */

import { createHash } from 'node:crypto';
import type { Defect } from './defect.ts';
import type { RawRow } from './raw-row.ts';

/** All rows of a manifest. */
export interface RowsInfo {
  readonly count: number;
  /** Of the values of all rows in order, with the names of their columns; 32 hexadecimal digits. */
  readonly sha256: string;
}

export interface RowsHash {
  add(row: RawRow | Defect): void;
  /** Of the rows so far. */
  digest(): RowsInfo;
}

const PREFIX = 'rows:';

/**
 * What a merged run has in the place of the hash of its samples, because no shard knows the media of all of them. A resume
 * of it is the same run when the rows are the same.
 */
export function datasetOfRows({ sha256 }: RowsInfo): string {
  return `${PREFIX}${sha256}`;
}

export function isDatasetOfRows(dataset: string): boolean {
  return dataset.startsWith(PREFIX);
}

export function createRowsHash(): RowsHash {
  const rows = createHash('sha256');
  let count = 0;
  /** The rows of a table share their columns, which are hashed once. */
  let columns: unknown;
  return {
    add(row) {
      if (!('values' in row)) return;
      if ('columns' in row && row.columns !== columns) {
        columns = row.columns;
        rows.update(JSON.stringify(columns));
      }
      count += 1;
      rows.update(JSON.stringify(row.values));
    },
    digest: () => ({ count, sha256: rows.copy().digest('hex').slice(0, 32) }),
  };
}
