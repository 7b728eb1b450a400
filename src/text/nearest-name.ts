/** Finds the most similar known name for a misspelt one, in bounded work: both may come from a file. */

/** Longest name that is compared, in UTF-16 units: a file name has at most 255 bytes. */
const MAX_NAME = 255;

/** Cells of distance tables in one search, a tenth of a second: more names than anybody mistypes among. */
export const MAX_CELLS = 5_000_000;

/** Known names that a message lists. */
const MAX_LISTED = 50;

/** What a search may still spend. */
export interface Work {
  /** Cells of distance tables. */
  cells: number;
}

/**
 * The most similar candidate, or undefined when none is similar: its optimal string alignment distance (a swapped pair
 * counts once) is at most a third of the length of the name, or 1 for short names. Ends with the best so far when `work`
 * is used up.
 */
export function nearestName(
  name: string,
  candidates: readonly string[],
  work: Work = { cells: MAX_CELLS },
): string | undefined {
  if (name.length > MAX_NAME) return undefined;
  const wanted = name.toLowerCase();
  let limit = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    if (work.cells <= 0) break;
    const distance = alignmentDistance(wanted, candidate.toLowerCase(), limit, work);
    if (distance > limit) continue;
    best = candidate;
    if (distance === 0) break;
    // Only a nearer one replaces it.
    limit = distance - 1;
  }
  return best;
}

/** `did you mean "x"?`, or the candidates when none is similar. */
export function suggest(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  const more = candidates.length - MAX_LISTED;
  return `known: ${candidates.slice(0, MAX_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The distance if it is at most `limit`, else any larger number: only cells so near the diagonal are filled. */
function alignmentDistance(a: string, b: string, limit: number, work: Work): number {
  const beyond = limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  let lastLeast = 0;
  for (let row = 1; row <= a.length; row += 1) {
    const from = Math.max(1, row - limit);
    const to = Math.min(b.length, row + limit);
    const current: number[] = [];
    current[from - 1] = from === 1 ? row : beyond;
    let least = current[from - 1] ?? beyond;
    for (let column = from; column <= to; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let value = Math.min(
        (last[column] ?? beyond) + 1,
        (current[column - 1] ?? beyond) + 1,
        (last[column - 1] ?? beyond) + cost,
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        value = Math.min(value, (beforeLast[column - 2] ?? beyond) + 1);
      current[column] = value;
      least = Math.min(least, value);
    }
    work.cells -= to - from + 1;
    // A swapped pair looks back two rows, so one row beyond the limit is not enough to stop.
    if (least > limit && lastLeast > limit) return beyond;
    beforeLast = last;
    last = current;
    lastLeast = least;
  }
  return last[b.length] ?? beyond;
}
