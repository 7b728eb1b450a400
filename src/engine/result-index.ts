/** Where each cell's newest result stands in the journal, in table order; 12 bytes a cell. */

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

const INITIAL_PLACES = 1024;

export function createResultIndex(): ResultIndex {
  let offsets = new Float64Array(INITIAL_PLACES);
  /** 0 = no result. */
  let lengths = new Uint32Array(INITIAL_PLACES);
  let end = 0;
  let size = 0;
  return {
    set(place, offset, byteLength) {
      if (place >= lengths.length) {
        const capacity = Math.max(place + 1, lengths.length * 2);
        offsets = resized(offsets, new Float64Array(capacity));
        lengths = resized(lengths, new Uint32Array(capacity));
      }
      if (lengths[place] === 0) size += 1;
      offsets[place] = offset;
      lengths[place] = byteLength;
      end = Math.max(end, place + 1);
    },
    has: (place) => (lengths[place] ?? 0) > 0,
    clear() {
      lengths.fill(0);
      end = 0;
      size = 0;
    },
    size: () => size,
    *entries() {
      for (let place = 0; place < end; place += 1) {
        const byteLength = lengths[place] ?? 0;
        if (byteLength > 0) yield { place, offset: offsets[place] ?? 0, byteLength };
      }
    },
  };
}

function resized<A extends Float64Array | Uint32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
