/** The largest few of many, kept while they come by. */

export interface TopList<T> {
  add(item: T): void;
  /** The kept items, largest first; equals in the order they came. */
  items(): readonly T[];
}

/** Keeps at most `size` items. `compare` is negative when its first argument is the larger. */
export function createTopList<T>(size: number, compare: (a: T, b: T) => number): TopList<T> {
  const kept: T[] = [];
  return {
    add(item) {
      const last = kept.at(-1);
      if (kept.length === size && last !== undefined && compare(item, last) >= 0) return;
      const place = kept.findIndex((other) => compare(item, other) < 0);
      kept.splice(place === -1 ? kept.length : place, 0, item);
      if (kept.length > size) kept.pop();
    },
    items: () => kept,
  };
}
