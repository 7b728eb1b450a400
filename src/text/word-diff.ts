/** The difference of two texts, word by word. */

/** A stretch of words with the blanks around them: in both texts, or in one of them. */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Cells of the table of two long texts: 16 MB, a tenth of a second. Above it the middle counts as changed as a whole. */
const MAX_CELLS = 4_000_000;

/**
 * The longest common subsequence of words (Wagner and Fischer 1974) after the common start and end. `removed` parts
 * come before `added` ones. The parts without `added` are the first text, those without `removed` the second.
 */
export function wordDiff(before: string, after: string): readonly DiffPart[] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return joined([...a.slice(0, start).map(same), ...middle(middleA, middleB), ...a.slice(a.length - end).map(same)]);
}

/** Words and the blanks between them, so that nothing of the text is lost. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\s+|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu) ?? [];
}

const same = (text: string): DiffPart => ({ kind: 'same', text });
const removed = (text: string): DiffPart => ({ kind: 'removed', text });
const added = (text: string): DiffPart => ({ kind: 'added', text });

function middle(a: readonly string[], b: readonly string[]): readonly DiffPart[] {
  const columns = b.length + 1;
  if ((a.length + 1) * columns > MAX_CELLS) return [...a.map(removed), ...b.map(added)];
  // Length of the longest common subsequence of what follows word i of A and word j of B.
  const lengths = new Uint32Array((a.length + 1) * columns);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const at = i * columns + j;
      lengths[at] =
        a[i] === b[j]
          ? (lengths[at + columns + 1] ?? 0) + 1
          : Math.max(lengths[at + columns] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const at = i * columns + j;
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push(same(a[i] ?? ''));
      i += 1;
      j += 1;
    } else if (j === b.length || (i < a.length && (lengths[at + columns] ?? 0) >= (lengths[at + 1] ?? 0))) {
      parts.push(removed(a[i] ?? ''));
      i += 1;
    } else {
      parts.push(added(b[j] ?? ''));
      j += 1;
    }
  }
  return parts;
}

/** Neighbours of one kind become one part. */
function joined(parts: readonly DiffPart[]): readonly DiffPart[] {
  const result: { kind: DiffPart['kind']; text: string }[] = [];
  for (const { kind, text } of parts) {
    const last = result.at(-1);
    if (last?.kind === kind) last.text += text;
    else result.push({ kind, text });
  }
  return result;
}
