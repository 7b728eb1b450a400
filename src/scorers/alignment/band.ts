/**
 * The rows of an edit-distance matrix within a band around its diagonal, 32 cells in one step (Myers 1999, in blocks as
 * Hyyrö 2003). Each row is an item of the hypothesis, each bit an item of the reference. A bit is set in `up` where the
 * cell is one more than the cell before it, and in `down` where it is one less.
 */

import type { PositionBits } from './symbols.ts';

/** A band of cells; those further from the diagonal than `width` are taken to be as far from their neighbours as can be. */
export interface Band {
  readonly rows: number;
  readonly columns: number;
  readonly width: number;
}

/** The blocks of a row that the band touches. */
function firstBlock({ width }: Band, row: number): number {
  return Math.max(0, (row - width) >> 5);
}

function lastBlock({ columns, width }: Band, row: number): number {
  return Math.min((columns - 1) >> 5, (row + width) >> 5);
}

/** The most blocks that a row has. */
export function blocksOfRow({ columns, width }: Band): number {
  return Math.min((columns + 31) >> 5, ((2 * width) >> 5) + 2);
}

/** The state of one row, for all blocks of the reference. */
export interface Row {
  readonly up: Int32Array;
  readonly down: Int32Array;
}

export function createRow(columns: number): Row {
  const blocks = (columns + 31) >> 5;
  return { up: new Int32Array(blocks).fill(-1), down: new Int32Array(blocks) };
}

/** Moves a row's state on by one item of the hypothesis. */
function advance({ up, down }: Row, bits: Int32Array, first: number, last: number): void {
  let carry = 1;
  for (let block = first; block <= last; block += 1) {
    const [above, below] = [up[block] ?? 0, down[block] ?? 0];
    const equal = bits[block] ?? 0;
    const vertical = equal | below;
    const start = carry < 0 ? equal | 1 : equal;
    const sum = ((start & above) + above) | 0;
    const horizontal = (sum ^ above) | start;
    let more = below | ~(horizontal | above);
    let less = above & horizontal;
    const carried = (more >>> 31) - (less >>> 31);
    more <<= 1;
    less <<= 1;
    if (carry < 0) less |= 1;
    else if (carry > 0) more |= 1;
    up[block] = less | ~(vertical | more);
    down[block] = more & vertical;
    carry = carried;
  }
}

/** Keeps the value at the left edge of the band, from which the last cell's value follows. */
export function createEdge(band: Band) {
  let [value, first] = [0, 0];
  return {
    /** Before the row is advanced. */
    enter(row: number, state: Row): void {
      for (const next = firstBlock(band, row); first < next; first += 1) value += rise(state, first, -1);
      value += 1;
    },
    /** After the last row: the distance, if it is less than the band's width; else something no smaller than that. */
    distance(state: Row): number {
      let distance = value;
      const last = (band.columns - 1) >> 5;
      const bitsOfLast = ((band.columns - 1) & 31) + 1;
      for (let block = first; block <= last; block += 1)
        distance += rise(state, block, block < last || bitsOfLast === 32 ? -1 : (1 << bitsOfLast) - 1);
      return distance;
    },
  };
}

function rise({ up, down }: Row, block: number, mask: number): number {
  return countBits((up[block] ?? 0) & mask) - countBits((down[block] ?? 0) & mask);
}

function countBits(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Room for the rows `from` to `to`, to be read backwards. */
export function createRecord(band: Band, from: number, to: number) {
  const width = blocksOfRow(band);
  const ups = new Int32Array((to - from + 1) * width);
  const downs = new Int32Array((to - from + 1) * width);
  const bit = (words: Int32Array, row: number, column: number) => {
    const block = (column >> 5) - firstBlock(band, row);
    return (((words[(row - from) * width + block] ?? 0) >>> (column & 31)) & 1) === 1;
  };
  return {
    write(row: number, { up, down }: Row): void {
      const [first, last, at] = [firstBlock(band, row), lastBlock(band, row), (row - from) * width];
      ups.set(up.subarray(first, last + 1), at);
      downs.set(down.subarray(first, last + 1), at);
    },
    isUp: (row: number, column: number) => bit(ups, row, column),
    isDown: (row: number, column: number) => bit(downs, row, column),
  };
}

/** One row's state, kept to start from again. */
export function checkpoint(band: Band, row: number, { up, down }: Row): () => Row {
  const [first, last] = [firstBlock(band, row), lastBlock(band, row)];
  const [ups, downs] = [up.slice(first, last + 1), down.slice(first, last + 1)];
  return () => {
    const state = createRow(band.columns);
    state.up.set(ups, first);
    state.down.set(downs, first);
    return state;
  };
}

/** Advances a state over rows `from` to `to`; yields now and then, so that others get their turn. */
export function* rowsOf(
  band: Band,
  state: Row,
  { bits, hypothesis, from, to }: { bits: PositionBits; hypothesis: Int32Array; from: number; to: number },
  visit: { before?: (row: number) => void; after?: (row: number) => void },
): Generator<void> {
  let steps = 0;
  for (let row = from; row <= to; row += 1) {
    const [first, last] = [firstBlock(band, row), lastBlock(band, row)];
    visit.before?.(row);
    advance(state, bits.of(hypothesis[row] ?? 0, first, last), first, last);
    visit.after?.(row);
    steps += last - first + 8;
    if (steps < STEPS_PER_TURN) continue;
    steps = 0;
    yield;
  }
}

/** Some 10 ms. */
const STEPS_PER_TURN = 2 ** 21;
