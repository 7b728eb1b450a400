/** Compares an answer with a target word by word. */

import type { AlignmentStep } from '../result.ts';

/** Words of either text; comparing more of them makes a page wait. */
const MAX_WORDS = 600;

/** A piece of text that both have, that only the target has, or that only the answer has. */
export type DiffPart = readonly ['same' | 'missing' | 'extra', text: string];

/** The parts in reading order; null when a text is too long. Case and blanks do not count, punctuation does. */
export function wordDiff(target: string, answer: string): readonly DiffPart[] | null {
  const a = words(target);
  const b = words(answer);
  if (a.length > MAX_WORDS || b.length > MAX_WORDS) return null;
  return joined(walk(a, b, lengths(a, b)));
}

/** The alignment of a scorer as parts. */
export function alignmentParts(steps: readonly AlignmentStep[]): readonly DiffPart[] {
  return joined(
    steps.flatMap((step): readonly DiffPart[] => {
      if (step[0] === 'substituted') {
        return [
          ['missing', step[1]],
          ['extra', step[2]],
        ];
      }
      return [[step[0] === 'correct' ? 'same' : step[0] === 'deleted' ? 'missing' : 'extra', step[1]]];
    }),
  );
}

/** The target with the most words in common; null without targets. */
export function nearestTarget(targets: readonly string[], answer: string): string | null {
  const own = new Set(words(answer).map(fold));
  let best: string | null = null;
  let most = -1;
  for (const target of targets) {
    const all = words(target);
    const common = all.filter((word) => own.has(fold(word))).length / Math.max(1, all.length);
    if (common > most) [best, most] = [target, common];
  }
  return best;
}

const words = (text: string) => text.split(/\s+/u).filter((word) => word !== '');
const fold = (word: string) => word.toLowerCase();

/** Lengths of the longest common subsequences of the rests from each pair of words on. */
function lengths(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const isSame = fold(a[i] ?? '') === fold(b[j] ?? '');
      const skip = Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
      table[i * width + j] = isSame ? (table[(i + 1) * width + j + 1] ?? 0) + 1 : skip;
    }
  }
  return table;
}

function walk(a: readonly string[], b: readonly string[], table: Uint16Array): readonly DiffPart[] {
  const width = b.length + 1;
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && right !== undefined && fold(left) === fold(right)) {
      parts.push(['same', right]);
      i += 1;
      j += 1;
    } else if (
      right === undefined ||
      (i < a.length && (table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0))
    ) {
      parts.push(['missing', left ?? '']);
      i += 1;
    } else {
      parts.push(['extra', right]);
      j += 1;
    }
  }
  return parts;
}

/** Neighbours of one kind as one part; what is missing comes before what is there instead. */
function joined(parts: readonly DiffPart[]): readonly DiffPart[] {
  const runs: DiffPart[] = [];
  let missing: string[] = [];
  let extra: string[] = [];
  const flush = () => {
    if (missing.length > 0) runs.push(['missing', missing.join(' ')]);
    if (extra.length > 0) runs.push(['extra', extra.join(' ')]);
    missing = [];
    extra = [];
  };
  for (const [kind, text] of parts) {
    if (kind === 'missing') missing.push(text);
    else if (kind === 'extra') extra.push(text);
    else {
      flush();
      const last = runs.at(-1);
      if (last?.[0] === 'same') runs[runs.length - 1] = ['same', `${last[1]} ${text}`];
      else runs.push(['same', text]);
    }
  }
  flush();
  return runs;
}
