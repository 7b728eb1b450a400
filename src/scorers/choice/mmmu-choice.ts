/** Reads a choice as the scripts of MMMU and MMMU-Pro do, but null where they draw one at random. */

import type { Choices } from './parse-choice.ts';

const OUTER_MARKS = [',', '.', '!', '?', ';', ':', "'"];

/** The last `(A)`, else the last A between spaces, else, in more than five words, the last text of an option. */
export function mmmuChoice(answer: string, choices: Choices): string | null {
  return lastCandidate(answer, choices, (label, response) => response.includes(` ${label} `));
}

/** First the only label behind the last `Answer:`; then as MMMU, but a label needs a space or point only behind it. */
export function mmmuProChoice(answer: string, choices: Choices): string | null {
  const at = answer.lastIndexOf('Answer:');
  const marked = at === -1 ? [] : choices.labels.filter((label) => answer.slice(at + 'Answer:'.length).includes(label));
  const [only] = marked;
  if (marked.length === 1 && only !== undefined) return only;
  const isBefore = (mark: string) => (label: string, response: string) => response.includes(label + mark);
  const before = (response: string) =>
    [' ', '.'].find((mark) => choices.labels.some((label) => isBefore(mark)(label, response)));
  return lastCandidate(answer, choices, (label, response) => isBefore(before(response) ?? ' ')(label, response));
}

function lastCandidate(
  answer: string,
  { labels, texts }: Choices,
  isBare: (label: string, response: string) => boolean,
): string | null {
  const response = ` ${OUTER_MARKS.reduce(withoutOuter, answer)} `;
  const bracketed = labels.filter((label) => response.includes(`(${label})`));
  if (bracketed.length > 0) return lastOf(bracketed, (label) => response.lastIndexOf(`(${label})`));
  const bare = labels.filter((label) => isBare(label, response));
  if (bare.length > 0) return lastOf(bare, (label) => response.lastIndexOf(` ${label} `));
  if (response.split(/\s+/u).filter((word) => word !== '').length <= 5) return null;
  const lower = response.toLowerCase();
  const text = (label: string) => (texts[labels.indexOf(label)] ?? '').toLowerCase();
  const mentioned = labels.filter((label) => labels.indexOf(label) < texts.length && lower.includes(text(label)));
  return lastOf(mentioned, (label) => lower.lastIndexOf(text(label)));
}

/** Takes all of one mark off both ends, as Python's `strip` does. */
function withoutOuter(text: string, mark: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === mark) start += 1;
  while (end > start && text[end - 1] === mark) end -= 1;
  return text.slice(start, end);
}

/** The candidate furthest to the right; the first one of equals, and the only one wherever it is. */
function lastOf(candidates: readonly string[], position: (label: string) => number): string | null {
  const [first] = candidates;
  if (first === undefined) return null;
  return candidates.reduce((last, next) => (position(next) > position(last) ? next : last), first);
}
