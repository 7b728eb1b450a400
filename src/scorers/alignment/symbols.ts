/** Turns two sequences into numbers and, for each number, the bits of its positions in the reference. */

/** Two sequences over the same numbers, without their common start and end. */
export interface Symbols {
  readonly reference: Int32Array;
  readonly hypothesis: Int32Array;
  /** Equal items before and after. */
  readonly start: number;
  readonly end: number;
  /** How many numbers there are. */
  readonly size: number;
}

/** Equal items get equal numbers. */
export function toSymbols(reference: readonly string[], hypothesis: readonly string[]): Symbols {
  const shorter = Math.min(reference.length, hypothesis.length);
  let start = 0;
  while (start < shorter && reference[start] === hypothesis[start]) start += 1;
  let end = 0;
  while (end < shorter - start && reference.at(-1 - end) === hypothesis.at(-1 - end)) end += 1;
  const numbers = new Map<string, number>();
  const numbered = (items: readonly string[]) => {
    const symbols = new Int32Array(items.length - start - end);
    for (let index = 0; index < symbols.length; index += 1) {
      const item = items[start + index] ?? '';
      const number = numbers.get(item) ?? numbers.size;
      if (number === numbers.size) numbers.set(item, number);
      symbols[index] = number;
    }
    return symbols;
  };
  return { reference: numbered(reference), hypothesis: numbered(hypothesis), start, end, size: numbers.size };
}

/** The least distance there can be: the items of one sequence that the other has nowhere. */
export function leastDistance({ reference, hypothesis, size }: Symbols): number {
  const surplus = new Int32Array(size);
  for (const symbol of reference) surplus[symbol] = (surplus[symbol] ?? 0) + 1;
  for (const symbol of hypothesis) surplus[symbol] = (surplus[symbol] ?? 0) - 1;
  let [missing, added] = [0, 0];
  for (const count of surplus) {
    if (count > 0) missing += count;
    else added -= count;
  }
  return Math.max(missing, added);
}

/** For a symbol, its positions in the reference as bits, 32 to a block. */
export interface PositionBits {
  /** The bits in blocks `first` to `last`; the rest of the array is undefined. Valid until the next call. */
  of(symbol: number, first: number, last: number): Int32Array;
}

/** Frequent symbols keep their bits; those of rare ones are set and cleared for each row, which takes less memory. */
export function createPositionBits({ reference, size }: Symbols): PositionBits {
  const blocks = Math.ceil(reference.length / 32);
  const offsets = new Int32Array(size + 1);
  for (const symbol of reference) offsets[symbol + 1] = (offsets[symbol + 1] ?? 0) + 1;
  for (let symbol = 0; symbol < size; symbol += 1)
    offsets[symbol + 1] = (offsets[symbol + 1] ?? 0) + (offsets[symbol] ?? 0);
  const positions = new Int32Array(reference.length);
  const next = offsets.slice();
  reference.forEach((symbol, position) => {
    const at = next[symbol] ?? 0;
    positions[at] = position;
    next[symbol] = at + 1;
  });

  const kept = new Map<number, Int32Array>();
  const scratch = new Int32Array(blocks);
  let [dirtyFrom, dirtyTo] = [0, 0];
  const set = (bits: Int32Array, from: number, to: number, limit: number) => {
    let at = from;
    for (; at < to; at += 1) {
      const position = positions[at] ?? 0;
      if (position >= limit) break;
      bits[position >> 5] = (bits[position >> 5] ?? 0) | (1 << (position & 31));
    }
    return at;
  };
  return {
    of(symbol, first, last) {
      for (let at = dirtyFrom; at < dirtyTo; at += 1) scratch[(positions[at] ?? 0) >> 5] = 0;
      [dirtyFrom, dirtyTo] = [0, 0];
      const [from, to] = [offsets[symbol] ?? 0, offsets[symbol + 1] ?? 0];
      if ((to - from) * 8 <= blocks) {
        dirtyFrom = firstAtLeast(positions, from, to, first * 32);
        dirtyTo = set(scratch, dirtyFrom, to, (last + 1) * 32);
        return scratch;
      }
      const bits = kept.get(symbol) ?? new Int32Array(blocks);
      if (!kept.has(symbol)) {
        set(bits, from, to, reference.length);
        kept.set(symbol, bits);
      }
      return bits;
    },
  };
}

function firstAtLeast(sorted: Int32Array, from: number, to: number, least: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
