/** The length of the longest common subsequence, 32 cells in one step (Hyyrö 2004). */

import { inTurns } from './align.ts';
import { createPositionBits, toSymbols } from './symbols.ts';

/** Steps of 32 cells: about a second. */
const MAX_STEPS = 2e8;
const STEPS_PER_TURN = 2 ** 22;

/** null when it would take too long. */
export async function commonSubsequence(a: readonly string[], b: readonly string[]): Promise<number | null> {
  const work = lengthOf(a, b);
  const first = work.next();
  return first.done === true ? first.value : inTurns(work);
}

function* lengthOf(a: readonly string[], b: readonly string[]): Generator<void, number | null> {
  const symbols = toSymbols(a, b);
  const { reference, hypothesis, start, end } = symbols;
  const equal = start + end;
  if (reference.length === 0 || hypothesis.length === 0) return equal;
  const blocks = Math.ceil(reference.length / 32);
  if (blocks * hypothesis.length > MAX_STEPS) return null;
  const bits = createPositionBits(symbols);
  /** A bit is 0 where the subsequence grows by one. */
  const row = new Int32Array(blocks).fill(-1);
  let steps = 0;
  for (const symbol of hypothesis) {
    advance(row, bits.of(symbol, 0, blocks - 1));
    steps += blocks;
    if (steps < STEPS_PER_TURN) continue;
    steps = 0;
    yield;
  }
  return equal + countZeros(row, reference.length);
}

function advance(row: Int32Array, equal: Int32Array): void {
  let carry = 0;
  for (let block = 0; block < row.length; block += 1) {
    const before = row[block] ?? 0;
    const both = before & (equal[block] ?? 0);
    // Unsigned, so that the carry is what does not fit into 32 bits.
    const sum = (before >>> 0) + (both >>> 0) + carry;
    carry = sum > 0xffffffff ? 1 : 0;
    row[block] = sum | (before & ~both);
  }
}

function countZeros(row: Int32Array, columns: number): number {
  let zeros = 0;
  for (let column = 0; column < columns; column += 1) zeros += 1 - (((row[column >> 5] ?? 0) >>> (column & 31)) & 1);
  return zeros;
}
