/** The byte range of each cell's newest result in the journal, in table order; 12 bytes for each cell. */

import { freeable } from './freeable.ts';

export interface ResultIndex {
  set(rowIndex: number, offset: number, byteLength: number): void;
  has(rowIndex: number): boolean;
  delete(rowIndex: number): void;
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

interface Chunk {
  readonly offsets: Float64Array;
  /** 0 = no result. */
  readonly lengths: Uint32Array;
}

export function createResultIndex(): ResultIndex {
  let chunks: (Chunk | undefined)[] = [];
  let size = 0;
  const lengthAt = (rowIndex: number) => chunks[Math.floor(rowIndex / CHUNK_ROWS)]?.lengths[rowIndex % CHUNK_ROWS] ?? 0;
  return {
    set(rowIndex, offset, byteLength) {
      const number = Math.floor(rowIndex / CHUNK_ROWS);
      const chunk = chunks[number] ?? {
        offsets: freeable(Float64Array, CHUNK_ROWS),
        lengths: freeable(Uint32Array, CHUNK_ROWS),
      };
      chunks[number] = chunk;
      if (lengthAt(rowIndex) === 0) size += 1;
      chunk.offsets[rowIndex % CHUNK_ROWS] = offset;
      chunk.lengths[rowIndex % CHUNK_ROWS] = byteLength;
    },
    has: (rowIndex) => lengthAt(rowIndex) > 0,
    delete(rowIndex) {
      const lengths = chunks[Math.floor(rowIndex / CHUNK_ROWS)]?.lengths;
      if (lengths === undefined || lengthAt(rowIndex) === 0) return;
      lengths[rowIndex % CHUNK_ROWS] = 0;
      size -= 1;
    },
    clear() {
      chunks = [];
      size = 0;
    },
    size: () => size,
    *entries() {
      for (const [number, chunk] of chunks.entries()) {
        for (let index = 0; chunk !== undefined && index < CHUNK_ROWS; index += 1) {
          const byteLength = chunk.lengths[index] ?? 0;
          if (byteLength > 0)
            yield { rowIndex: number * CHUNK_ROWS + index, offset: chunk.offsets[index] ?? 0, byteLength };
        }
      }
    },
  };
}
