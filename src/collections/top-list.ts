/** The largest items of a stream. */

export interface TopList<T> {
  add(item: T): void;
  /** The kept items, largest first; equal ones in their original order. */
  items(): readonly T[];
}

/** Keeps at most `size` items. `compare` is negative when its first argument is the larger. */
export function createTopList<T>(size: number, compare: (a: T, b: T) => number): TopList<T> {
  const kept: T[] = [];
  return {
    add(item) {
      const last = kept.at(-1);
      if (kept.length === size && last !== undefined && compare(item, last) >= 0) return;
      const index = kept.findIndex((other) => compare(item, other) < 0);
      kept.splice(index === -1 ? kept.length : index, 0, item);
      if (kept.length > size) kept.pop();
    },
    items: () => kept,
  };
}
