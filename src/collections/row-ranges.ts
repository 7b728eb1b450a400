/** A set of row numbers that is kept and written as ranges: a few bytes for each run of rows. */

export interface RowRanges {
  /** Rows must come in ascending order. */
  add(row: number): void;
  has(row: number): boolean;
  /** For example `3,7-9`; empty without rows. `parseRows` reads it. */
  text(): string;
}

interface Range {
  readonly first: number;
  last: number;
}

export function createRowRanges(ranges: Range[] = []): RowRanges {
  return {
    add(row) {
      const newest = ranges.at(-1);
      if (newest !== undefined && row === newest.last + 1) newest.last = row;
      else ranges.push({ first: row, last: row });
    },
    has: (row) => {
      const range = ranges[firstEndingAt(ranges, row)];
      return range !== undefined && range.first <= row;
    },
    text: () => ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(','),
  };
}

/** Reads the text of ranges; parts that are no range are left out. */
export function parseRows(text: string): RowRanges {
  return createRowRanges(rangesOf(text));
}

function rangesOf(text: string): Range[] {
  return text.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    return first === undefined ? [] : [{ first: Number(first), last: Number(last) }];
  });
}

/** The rows of several such texts as one text. */
export function joinRows(texts: readonly string[]): string {
  const joined = createRowRanges();
  const ranges = texts.flatMap((text) => rangesOf(text)).sort((a, b) => a.first - b.first);
  let next = 0;
  for (const { first, last } of ranges) for (next = Math.max(next, first); next <= last; next += 1) joined.add(next);
  return joined.text();
}

/** Index of the first range that ends at `row` or later: binary search. */
function firstEndingAt(ranges: readonly Range[], row: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.last ?? row) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
