/** Normalises answers as the scripts of visual question answering do. */

import { CONTRACTIONS } from './contractions.ts';

const PUNCTUATION = [...';/[]"{}()=+\\_-><@`,?!'];

const NUMBERS: ReadonlyMap<string, string> = new Map(
  ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map((word, number) => [
    word,
    String(number),
  ]),
).set('zero', '0');

/** The scripts hand a flag where `re.sub` takes a count, so no more than this many points are dropped. */
const MOST_POINTS = 32;

/** How points are dropped: by the official script all but those before a digit, by VLMEvalKit none beside a digit. */
export type PointRule = 'official' | 'vlmevalkit';

/** Line breaks become spaces, then punctuation, number words, articles and contractions are treated. */
export function normalizeAnswer(answer: string, points: PointRule): string {
  return withoutArticles(withoutPunctuation(answer.replace(/[\n\t]/gu, ' ').trim(), points));
}

/** A mark beside a space, or any mark of an answer with a comma between digits, is dropped; others become spaces. */
function withoutPunctuation(text: string, points: PointRule): string {
  const hasGrouping = /\d,\d/u.test(text);
  const bare = PUNCTUATION.reduce((rest, mark) => {
    const isDropped = hasGrouping || text.includes(`${mark} `) || text.includes(` ${mark}`);
    return rest.replaceAll(mark, isDropped ? '' : ' ');
  }, text);
  let dropped = 0;
  return bare.replace(points === 'official' ? /\.(?!\d)/gu : /(?<!\d)\.(?!\d)/gu, (point) => {
    dropped += 1;
    return dropped > MOST_POINTS ? point : '';
  });
}

function withoutArticles(text: string): string {
  return text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word) => NUMBERS.get(word) ?? word)
    .filter((word) => word !== 'a' && word !== 'an' && word !== 'the')
    .map((word) => CONTRACTIONS.get(word) ?? word)
    .join(' ');
}
