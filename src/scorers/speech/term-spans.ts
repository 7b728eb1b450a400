/** Finds listed terms among the words of a transcript, and the errors in them. */

import { type Alignment, EDIT } from '../alignment/align.ts';

/** Where the terms stand. */
export interface TermSpans {
  /** For each word whether it belongs to a term. */
  readonly isTerm: readonly boolean[];
  /** Occurrences of each term, by its index. */
  readonly counts: ReadonlyMap<number, number>;
  readonly total: number;
}

/** Longer terms first; the words of an occurrence are not looked at again. */
export function markTerms(words: readonly string[], terms: readonly (readonly string[])[]): TermSpans {
  const byFirst = new Map<string, number[]>();
  terms.forEach(([first], index) => {
    if (first !== undefined) byFirst.set(first, [...(byFirst.get(first) ?? []), index]);
  });
  for (const indexes of byFirst.values()) indexes.sort((a, b) => (terms[b]?.length ?? 0) - (terms[a]?.length ?? 0));
  const isTerm = new Array<boolean>(words.length).fill(false);
  const counts = new Map<number, number>();
  let total = 0;
  for (let at = 0; at < words.length; ) {
    const found = byFirst
      .get(words[at] ?? '')
      ?.find((index) => terms[index]?.every((word, offset) => words[at + offset] === word));
    const length = found === undefined ? 0 : (terms[found]?.length ?? 0);
    if (found !== undefined) {
      isTerm.fill(true, at, at + length);
      counts.set(found, (counts.get(found) ?? 0) + 1);
      total += 1;
    }
    at += Math.max(1, length);
  }
  return { isTerm, counts, total };
}

/** Words of terms that are substituted or deleted, and words of terms that are inserted. */
export function termErrors({ edits }: Alignment, isWanted: readonly boolean[], isGiven: readonly boolean[]): number {
  let [at, given, errors] = [0, 0, 0];
  for (const edit of edits) {
    if (edit === EDIT.inserted ? isGiven[given] === true : edit !== EDIT.correct && isWanted[at] === true) errors += 1;
    if (edit !== EDIT.inserted) at += 1;
    if (edit !== EDIT.deleted) given += 1;
  }
  return errors;
}
