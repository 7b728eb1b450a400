/** Aligns two sequences with the fewest edits, exactly or not at all. */

import { type Band, blocksOfRow, checkpoint, createEdge, createRecord, createRow, rowsOf } from './band.ts';
import { createPositionBits, leastDistance, type PositionBits, type Symbols, toSymbols } from './symbols.ts';

/** One item of the alignment: of both sequences, or of one. */
export const EDIT = { correct: 0, substituted: 1, deleted: 2, inserted: 3 } as const;

/** Of one best alignment. `hits + substitutions + deletions` is the reference's length. */
export interface EditCounts {
  readonly substitutions: number;
  /** In the reference, not in the hypothesis. */
  readonly deletions: number;
  /** In the hypothesis, not in the reference. */
  readonly insertions: number;
  readonly hits: number;
}

/** The edits in order, as values of `EDIT`. */
export interface Alignment {
  readonly edits: Uint8Array;
  readonly counts: EditCounts;
}

/**
 * Steps of 32 cells in all: less than a second. 25,000 words against as many are aligned however they differ, 100,000 when one
 * in thirty is wrong, a million characters when one in two thousand is.
 */
const MAX_STEPS = 1.2e8;

/** Rows of the matrix that are kept at once, in steps; 64 MB. */
const MAX_RECORDED = 2 ** 23;

/** Below this, both sequences are aligned in one go. */
const MIN_WIDTH = 64;

/**
 * Levenshtein alignment with unit costs; null when it would take too long. Of equally short alignments it takes the one
 * that rapidfuzz takes (and jiwer with it): common start and end first, then from the end a deletion before a match, and
 * an insertion where it must be one. Figures made of hits (MER, WIL) depend on it.
 */
export function align(
  reference: readonly string[],
  hypothesis: readonly string[],
): Alignment | null | Promise<Alignment | null> {
  const symbols = toSymbols(reference, hypothesis);
  const aligning = alignSymbols(symbols);
  const first = aligning.next();
  return first.done === true ? first.value : inTurns(aligning);
}

/** The number of edits alone. */
export async function editDistance(
  reference: readonly string[],
  hypothesis: readonly string[],
): Promise<number | null> {
  const alignment = await align(reference, hypothesis);
  if (alignment === null) return null;
  const { substitutions, deletions, insertions } = alignment.counts;
  return substitutions + deletions + insertions;
}

/** Lets the event loop turn between slices of work. */
export async function inTurns<Result>(work: Generator<void, Result>): Promise<Result> {
  for (;;) {
    await new Promise((resume) => setImmediate(resume));
    const slice = work.next();
    if (slice.done === true) return slice.value;
  }
}

function* alignSymbols(symbols: Symbols): Generator<void, Alignment | null> {
  const [columns, rows] = [symbols.reference.length, symbols.hypothesis.length];
  if (columns === 0 || rows === 0) return toAlignment(symbols, onlyOne(columns, rows));
  const bits = createPositionBits(symbols);
  const least = leastDistance(symbols);
  const widest = Math.max(rows, columns);
  let spent = 0;
  for (let width = Math.max(least + 1, MIN_WIDTH); ; width *= 2) {
    const band = { rows, columns, width: Math.min(width, widest) };
    const steps = rows * blocksOfRow(band);
    // Most of what a wider band costs has not been spent yet, and reading it backwards costs as much again.
    if (spent + 2 * steps > MAX_STEPS) return null;
    spent += steps;
    const edits = yield* alignWithin(band, symbols, bits);
    if (edits !== null) return toAlignment(symbols, edits);
  }
}

function onlyOne(columns: number, rows: number): Uint8Array {
  return columns > 0 ? new Uint8Array(columns).fill(EDIT.deleted) : new Uint8Array(rows).fill(EDIT.inserted);
}

/**
 * The edits in order; null when they are more than the band can tell. A cell of value v is exact when v is at most the
 * width, and so is every cell beside the best path when the distance is less than the width: ties are settled as in
 * the whole matrix.
 */
function* alignWithin(
  band: Band,
  { hypothesis, reference }: Symbols,
  bits: PositionBits,
): Generator<void, Uint8Array | null> {
  const { rows, columns, width } = band;
  const rowsAtOnce = Math.min(rows, Math.max(1, Math.floor(MAX_RECORDED / blocksOfRow(band))));
  const isWhole = rowsAtOnce >= rows;
  const stride = isWhole ? rows : Math.ceil(Math.sqrt(rows));
  const edge = createEdge(band);
  const state = createRow(columns);
  const starts = [() => createRow(columns)];
  const whole = isWhole ? createRecord(band, 0, rows - 1) : undefined;
  yield* rowsOf(
    band,
    state,
    { bits, hypothesis, from: 0, to: rows - 1 },
    {
      before: (row) => edge.enter(row, state),
      after(row) {
        whole?.write(row, state);
        if ((row + 1) % stride === 0 && row + 1 < rows) starts.push(checkpoint(band, row, state));
      },
    },
  );
  if (edge.distance(state) >= width && width < Math.max(rows, columns)) return null;

  const back = createBacktrack(reference, hypothesis);
  for (let segment = starts.length - 1; segment >= 0; segment -= 1) {
    const from = segment * stride;
    const to = Math.min(rows, from + stride) - 1;
    const record = whole ?? createRecord(band, Math.max(0, from - 1), to);
    if (whole === undefined) {
      const again = starts[segment]?.() ?? createRow(columns);
      if (from > 0) record.write(from - 1, again);
      yield* rowsOf(band, again, { bits, hypothesis, from, to }, { after: (row) => record.write(row, again) });
    }
    back.walk(record, from);
  }
  return back.finish();
}

/** Reads the matrix from its last cell to its first, as rapidfuzz does. */
function createBacktrack(reference: Int32Array, hypothesis: Int32Array) {
  let [column, row] = [reference.length, hypothesis.length];
  const edits = new Uint8Array(row + column);
  let at = edits.length;
  const put = (edit: number) => {
    at -= 1;
    edits[at] = edit;
  };
  return {
    /** As far as rows down to `from` go. */
    walk(record: ReturnType<typeof createRecord>, from: number): void {
      while (row > from && column > 0) {
        if (record.isUp(row - 1, column - 1)) {
          put(EDIT.deleted);
          column -= 1;
          continue;
        }
        row -= 1;
        if (row > 0 && record.isDown(row - 1, column - 1)) {
          put(EDIT.inserted);
          continue;
        }
        column -= 1;
        put(reference[column] === hypothesis[row] ? EDIT.correct : EDIT.substituted);
      }
    },
    finish(): Uint8Array {
      for (; column > 0; column -= 1) put(EDIT.deleted);
      for (; row > 0; row -= 1) put(EDIT.inserted);
      return edits.subarray(at);
    },
  };
}

function toAlignment({ start, end }: Symbols, inner: Uint8Array): Alignment {
  const edits = new Uint8Array(start + inner.length + end);
  edits.set(inner, start);
  const counts = [0, 0, 0, 0];
  for (const edit of edits) counts[edit] = (counts[edit] ?? 0) + 1;
  const [hits = 0, substitutions = 0, deletions = 0, insertions = 0] = counts;
  return { edits, counts: { substitutions, deletions, insertions, hits } };
}
