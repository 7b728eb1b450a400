/** Edit distances of many variants of an answer from one reference, near the diagonal, as sacreBLEU's TER computes them. */

/** Cells on each side of the diagonal. */
export const BEAM_WIDTH = 25;

const UNREACHABLE = 2 ** 30;

/** `i` inserted into the reference, `d` deleted from it: from the answer's side, as the alignment of shifts needs it. */
interface Aligned {
  readonly distance: number;
  /** A space for equal words, else `s`, `i` or `d`. */
  readonly trace: string;
}

/** All variants are of one length. The first variant's rows are kept: a variant that starts alike starts from them. */
export function createBeam(reference: readonly string[], length: number) {
  const columns = reference.length + 1;
  const ratio = length > 0 ? reference.length / length : 1;
  const width = BEAM_WIDTH < ratio / 2 ? Math.ceil(ratio / 2 + BEAM_WIDTH) : BEAM_WIDTH;
  const numbers = new Map<string, number>();
  for (const word of reference) if (!numbers.has(word)) numbers.set(word, numbers.size);
  const wanted = Int32Array.from(reference, (word) => numbers.get(word) ?? -1);

  const empty = () => {
    const costs = new Int32Array((length + 1) * columns).fill(UNREACHABLE);
    for (let column = 0; column < columns; column += 1) costs[column] = column;
    return { costs, edits: new Uint8Array((length + 1) * columns).fill(EDITS.deleted, 0, columns) };
  };
  const base = empty();
  const variant = empty();

  const fillRow = ({ costs, edits }: ReturnType<typeof empty>, row: number, word: number) => {
    const middle = Math.floor(row * ratio);
    const first = Math.max(0, middle - width);
    const last = row === length ? columns : Math.min(columns, middle + width);
    const [at, above] = [row * columns, (row - 1) * columns];
    costs.fill(UNREACHABLE, at, at + columns);
    for (let column = first; column < last; column += 1) {
      let [cost, edit] = [UNREACHABLE, EDITS.none];
      if (column > 0) {
        const isEqual = wanted[column - 1] === word;
        [cost, edit] = [
          (costs[above + column - 1] ?? 0) + (isEqual ? 0 : 1),
          isEqual ? EDITS.equal : EDITS.substituted,
        ];
      }
      const inserted = (costs[above + column] ?? 0) + 1;
      if (inserted < cost) [cost, edit] = [inserted, EDITS.inserted];
      const deleted = column > 0 ? (costs[at + column - 1] ?? 0) + 1 : UNREACHABLE;
      if (deleted < cost) [cost, edit] = [deleted, EDITS.deleted];
      if (cost >= UNREACHABLE) continue;
      costs[at + column] = cost;
      edits[at + column] = edit;
    }
  };

  return {
    /** Of a variant that starts with the same `from` words as the last one aligned without `from`. */
    align(words: readonly string[], from?: number): Aligned {
      const matrix = from === undefined ? base : variant;
      const start = from ?? 0;
      if (from !== undefined)
        variant.costs.set(base.costs.subarray(start * columns, (start + 1) * columns), start * columns);
      for (let row = start + 1; row <= length; row += 1) fillRow(matrix, row, numbers.get(words[row - 1] ?? '') ?? -1);
      const distance = matrix.costs[length * columns + columns - 1] ?? 0;
      return { distance, trace: from === undefined ? traceOf(matrix.edits, length, columns) : '' };
    },
  };
}

const EDITS = { none: 0, equal: 1, substituted: 2, inserted: 3, deleted: 4 };
const LETTERS = ['', ' ', 's', 'i', 'd'];

function traceOf(edits: Uint8Array, length: number, columns: number): string {
  const trace: string[] = [];
  let [row, column] = [length, columns - 1];
  while (row > 0 || column > 0) {
    const edit = edits[row * columns + column] ?? 0;
    trace.push(LETTERS[edit] ?? '');
    if (edit !== EDITS.deleted) row -= 1;
    if (edit !== EDITS.inserted) column -= 1;
  }
  return trace.reverse().join('');
}
