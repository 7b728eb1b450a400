/** Counts n-grams of several sequences without making a text of each. */

/** How often each n-gram of one order occurs in one sequence. */
export interface NgramCounts {
  readonly counts: ReadonlyMap<number, number>;
  readonly total: number;
}

/** The counts of every order from 1 to `maxOrder`, for each sequence; equal n-grams have equal numbers in all of them. */
export function countNgrams(
  sequences: readonly (readonly string[])[],
  maxOrder: number,
): readonly (readonly NgramCounts[])[] {
  const symbols = numbered(sequences);
  const size = symbols.reduce((most, sequence) => sequence.reduce((a, b) => Math.max(a, b), most), 0) + 1;
  let grams = symbols;
  return Array.from({ length: maxOrder }, (_, order) => {
    if (order > 0) grams = extended(grams, symbols, order, size);
    return grams.map(counted);
  });
}

/** How many n-grams two sequences share, each as often as both have it. */
export function sharedNgrams(a: NgramCounts, b: NgramCounts): number {
  let shared = 0;
  for (const [gram, count] of a.counts) shared += Math.min(count, b.counts.get(gram) ?? 0);
  return shared;
}

function numbered(sequences: readonly (readonly string[])[]): readonly number[][] {
  const numbers = new Map<string, number>();
  return sequences.map((sequence) =>
    sequence.map((item) => {
      const number = numbers.get(item) ?? numbers.size;
      numbers.set(item, number);
      return number;
    }),
  );
}

/** An n-gram is its first n - 1 items, which have a number already, and one more. */
function extended(
  grams: readonly number[][],
  symbols: readonly number[][],
  order: number,
  size: number,
): readonly number[][] {
  const numbers = new Map<number, number>();
  return grams.map((sequence, index) => {
    const items = symbols[index] ?? [];
    const longer = new Array<number>(Math.max(0, items.length - order));
    for (let at = 0; at < longer.length; at += 1) {
      const key = (sequence[at] ?? 0) * size + (items[at + order] ?? 0);
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      longer[at] = number;
    }
    return longer;
  });
}

function counted(grams: readonly number[]): NgramCounts {
  const counts = new Map<number, number>();
  for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return { counts, total: grams.length };
}
