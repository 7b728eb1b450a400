/** How alike two short texts are, in any language. */

/**
 * Sørensen and Dice's coefficient over pairs of neighbouring characters, with the ends of the text as characters of their own:
 * from 0 to 1, 1 for equal texts. Case, compatibility forms, punctuation and blanks do not count.
 */
export function bigramSimilarity(a: string, b: string): number {
  const [first, second] = [bigramsOf(plain(a)), bigramsOf(plain(b))];
  const all = sizeOf(first) + sizeOf(second);
  let shared = 0;
  for (const [pair, count] of first) shared += Math.min(count, second.get(pair) ?? 0);
  return (2 * shared) / all;
}

/** Letters and digits; a text of signs alone keeps them. */
function plain(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase();
  const words = folded.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return words === '' ? folded.trim() : words;
}

function bigramsOf(text: string): ReadonlyMap<string, number> {
  const characters = ['', ...text, ''];
  const counts = new Map<string, number>();
  for (let at = 1; at < characters.length; at += 1) {
    // A pair of the two ends is that of an empty text.
    const pair = `${characters[at - 1] || '<'}${characters[at] || '>'}`;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}

function sizeOf(counts: ReadonlyMap<string, number>): number {
  let size = 0;
  for (const count of counts.values()) size += count;
  return size;
}
