/** Counts the edits that turn one sequence into another: substitutions, deletions and insertions; and the hits. */

/** Counts of one optimal alignment. `hits + substitutions + deletions` is the reference's length. */
export interface EditCounts {
  readonly substitutions: number;
  /** In the reference, not in the hypothesis. */
  readonly deletions: number;
  /** In the hypothesis, not in the reference. */
  readonly insertions: number;
  readonly hits: number;
}

/**
 * Levenshtein alignment with unit costs: time proportional to the product of the lengths, memory to one length.
 * Alignments with the same distance can differ in hits (`a b` against `b a`: two substitutions, or one hit). Ties are
 * decided as in rapidfuzz, which jiwer uses: common start and end first. So figures based on hits (MER, WIL) agree.
 */
export function countEdits(reference: readonly string[], hypothesis: readonly string[]): EditCounts {
  let start = 0;
  let referenceEnd = reference.length;
  let hypothesisEnd = hypothesis.length;
  while (start < referenceEnd && start < hypothesisEnd && reference[start] === hypothesis[start]) start += 1;
  while (
    start < referenceEnd &&
    start < hypothesisEnd &&
    reference[referenceEnd - 1] === hypothesis[hypothesisEnd - 1]
  ) {
    referenceEnd -= 1;
    hypothesisEnd -= 1;
  }
  const numbers = new Map<string, number>();
  const rows = numbered(reference.slice(start, referenceEnd), numbers);
  const columns = numbered(hypothesis.slice(start, hypothesisEnd), numbers);
  const inner = align(rows, columns);

  // rows = hits + substitutions + deletions, columns = hits + substitutions + insertions; their sum gives the other counts.
  const substitutions = rows.length + columns.length - 2 * inner.hits - inner.distance;
  return {
    substitutions,
    deletions: rows.length - inner.hits - substitutions,
    insertions: columns.length - inner.hits - substitutions,
    hits: inner.hits + reference.length - rows.length,
  };
}

/** Equal items get equal numbers, so that the inner loop compares integers. */
function numbered(items: readonly string[], numbers: Map<string, number>): Int32Array {
  return Int32Array.from(items, (item) => {
    const number = numbers.get(item) ?? numbers.size;
    numbers.set(item, number);
    return number;
  });
}

/** Distance and hits of the optimal alignment. Each array holds this row up to the current column, then the row above. */
function align(rows: Int32Array, columns: Int32Array): { readonly distance: number; readonly hits: number } {
  const distances = Int32Array.from({ length: columns.length + 1 }, (_, column) => column);
  const hits = new Int32Array(columns.length + 1);
  for (let row = 1; row <= rows.length; row += 1) {
    const item = rows[row - 1];
    let diagonal = row - 1;
    let diagonalHits = 0;
    let left = row;
    let leftHits = 0;
    for (let column = 1; column <= columns.length; column += 1) {
      const above = distances[column] ?? 0;
      const aboveHits = hits[column] ?? 0;
      const cost = item === columns[column - 1] ? 0 : 1;
      const best = Math.min(above + 1, left + 1, diagonal + cost);
      let bestHits = diagonalHits + 1 - cost;
      if (best === above + 1) bestHits = aboveHits;
      else if (column > 1 && left < diagonal) bestHits = leftHits;
      distances[column - 1] = left;
      hits[column - 1] = leftHits;
      diagonal = above;
      diagonalHits = aboveHits;
      left = best;
      leftHits = bestHits;
    }
    distances[columns.length] = left;
    hits[columns.length] = leftHits;
  }
  return { distance: distances[columns.length] ?? 0, hits: hits[columns.length] ?? 0 };
}
