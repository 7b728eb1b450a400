/** The byte range of each cell's newest result in the journal, in table order; 12 bytes for each cell. */

import { freeable } from './freeable.ts';

export interface ResultIndex {
  set(rowIndex: number, offset: number, byteLength: number): void;
  has(rowIndex: number): boolean;
  /** Where the result of a row is; null = it has none. */
  get(rowIndex: number): Omit<IndexEntry, 'rowIndex'> | null;
  delete(rowIndex: number): void;
  /** False for a row that is far from all others, when very many such rows are there already. */
  canHold(rowIndex: number): boolean;
  /** Removes all entries. */
  clear(): void;
  readonly size: () => number;
  /** Rows that have a result, ascending. */
  entries(): Iterable<IndexEntry>;
}

/** The newest result of a cell. */
export interface IndexEntry {
  /** 0-based row of the cell in the results table. */
  readonly rowIndex: number;
  readonly offset: number;
  readonly byteLength: number;
}

/** Rows whose memory is allocated together, so that growing copies nothing. */
const CHUNK_ROWS = 65_536;
/** Enough for a billion rows. A process may have some 65,000 areas of memory, and each chunk is two. */
const MAX_CHUNKS = 16_384;

interface Chunk {
  readonly offsets: Float64Array;
  /** 0 = no result. */
  readonly lengths: Uint32Array;
}

export function createResultIndex(): ResultIndex {
  /** A map, because the rows of a few samples of a large manifest may be far apart. */
  let chunks = new Map<number, Chunk>();
  let size = 0;
  const lengthAt = (rowIndex: number) =>
    chunks.get(Math.floor(rowIndex / CHUNK_ROWS))?.lengths[rowIndex % CHUNK_ROWS] ?? 0;
  return {
    set(rowIndex, offset, byteLength) {
      const number = Math.floor(rowIndex / CHUNK_ROWS);
      let chunk = chunks.get(number);
      if (chunk === undefined) {
        chunk = { offsets: freeable(Float64Array, CHUNK_ROWS), lengths: freeable(Uint32Array, CHUNK_ROWS) };
        chunks.set(number, chunk);
      }
      if (lengthAt(rowIndex) === 0) size += 1;
      chunk.offsets[rowIndex % CHUNK_ROWS] = offset;
      chunk.lengths[rowIndex % CHUNK_ROWS] = byteLength;
    },
    has: (rowIndex) => lengthAt(rowIndex) > 0,
    get(rowIndex) {
      const byteLength = lengthAt(rowIndex);
      const chunk = chunks.get(Math.floor(rowIndex / CHUNK_ROWS));
      return byteLength === 0 ? null : { offset: chunk?.offsets[rowIndex % CHUNK_ROWS] ?? 0, byteLength };
    },
    delete(rowIndex) {
      const lengths = chunks.get(Math.floor(rowIndex / CHUNK_ROWS))?.lengths;
      if (lengths === undefined || lengthAt(rowIndex) === 0) return;
      lengths[rowIndex % CHUNK_ROWS] = 0;
      size -= 1;
    },
    canHold: (rowIndex) => chunks.size < MAX_CHUNKS || chunks.has(Math.floor(rowIndex / CHUNK_ROWS)),
    clear() {
      chunks = new Map();
      size = 0;
    },
    size: () => size,
    *entries() {
      for (const [number, chunk] of [...chunks].sort(([a], [b]) => a - b)) {
        for (let index = 0; index < CHUNK_ROWS; index += 1) {
          const byteLength = chunk.lengths[index] ?? 0;
          if (byteLength > 0)
            yield { rowIndex: number * CHUNK_ROWS + index, offset: chunk.offsets[index] ?? 0, byteLength };
        }
      }
    },
  };
}
