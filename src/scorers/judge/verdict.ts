/** Finds the verdict in the reply of a judge: what follows the last `GRADE:`. */

/** A grade that was found, a word that is not a grade, or nothing. */
export type Verdict =
  | { readonly grade: string }
  /** Not among the grades. */
  | { readonly other: string }
  | { readonly other: null };

/** Marks of Markdown may stand around the word and its colon. Every character is looked at once: no group repeats itself. */
const MARKERS = {
  GRADE: /(?<![\p{L}\p{N}])GRADE[*_"'`]*[ \t]*[:：]/giu,
  VERDICT: /(?<![\p{L}\p{N}])VERDICT[*_"'`]*[ \t]*[:：]/giu,
} as const;
const WORD = /^[\s*_"'`([{<]*([\p{L}\p{N}](?:[\p{L}\p{N}_./+-]*[\p{L}\p{N}+-])?)/u;

/** Case does not count. Follows Inspect's `GRADE: X`, where the last one wins, so that an answer that is quoted decides nothing. */
export function readVerdict(reply: string, grades: readonly string[], marker: keyof typeof MARKERS = 'GRADE'): Verdict {
  const last = [...reply.matchAll(MARKERS[marker])].at(-1);
  if (last === undefined) return { other: null };
  const word = WORD.exec(reply.slice(last.index + last[0].length))?.[1];
  if (word === undefined) return { other: null };
  const grade = grades.find((name) => name.toLowerCase() === word.toLowerCase());
  return grade === undefined ? { other: word } : { grade };
}
