/** Where each cell's newest result stands in the journal, in table order; 12 bytes a cell. */

import { freeable } from './freeable.ts';

export interface ResultIndex {
  set(place: number, offset: number, byteLength: number): void;
  has(place: number): boolean;
  /** Forgets everything. */
  clear(): void;
  readonly size: () => number;
  /** Places that have a result, ascending. */
  entries(): Iterable<IndexEntry>;
}

export interface IndexEntry {
  readonly place: number;
  readonly offset: number;
  readonly byteLength: number;
}

/** Places that get their memory together: it grows without a copy of what is there. */
const CHUNK_PLACES = 65_536;

interface Chunk {
  readonly offsets: Float64Array;
  /** 0 = no result. */
  readonly lengths: Uint32Array;
}

export function createResultIndex(): ResultIndex {
  let chunks: (Chunk | undefined)[] = [];
  let size = 0;
  const lengthAt = (place: number) => chunks[Math.floor(place / CHUNK_PLACES)]?.lengths[place % CHUNK_PLACES] ?? 0;
  return {
    set(place, offset, byteLength) {
      const number = Math.floor(place / CHUNK_PLACES);
      const chunk = chunks[number] ?? {
        offsets: freeable(Float64Array, CHUNK_PLACES),
        lengths: freeable(Uint32Array, CHUNK_PLACES),
      };
      chunks[number] = chunk;
      if (lengthAt(place) === 0) size += 1;
      chunk.offsets[place % CHUNK_PLACES] = offset;
      chunk.lengths[place % CHUNK_PLACES] = byteLength;
    },
    has: (place) => lengthAt(place) > 0,
    clear() {
      chunks = [];
      size = 0;
    },
    size: () => size,
    *entries() {
      for (const [number, chunk] of chunks.entries()) {
        for (let index = 0; chunk !== undefined && index < CHUNK_PLACES; index += 1) {
          const byteLength = chunk.lengths[index] ?? 0;
          if (byteLength > 0)
            yield { place: number * CHUNK_PLACES + index, offset: chunk.offsets[index] ?? 0, byteLength };
        }
      }
    },
  };
}
