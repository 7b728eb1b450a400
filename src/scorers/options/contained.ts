/** Whether a text contains another one, as whole words or anywhere. */

import { z } from 'zod';
import { NORMALIZERS, type NormalizerName, normalizerOption } from '../normalize/normalizers.ts';

/** The options of the scorers that look for texts in an answer. */
export const containedOptions = {
  normalizer: normalizerOption('basic'),
  wholeWords: z
    .boolean()
    .default(true)
    .describe('a text must not continue into a word or number: neither cat in cats nor 5 in 25'),
};

/** Letters of scripts that put no spaces between words do not continue a word. */
const LETTER =
  '(?![\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}])[\\p{L}\\p{N}_]';
const ENDS_IN_WORD = new RegExp(`${LETTER}$`, 'u');
const STARTS_IN_WORD = new RegExp(`^${LETTER}`, 'u');
/** A point, comma or colon between two digits joins them into one number. */
const ENDS_IN_NUMBER = /\p{Nd}[.,:]$/u;
const STARTS_IN_NUMBER = /^[.,:]\p{Nd}/u;

/** Makes the function that looks for a text in an answer. Only an empty answer contains an empty text. */
export function createContains(options: { readonly normalizer: NormalizerName; readonly wholeWords: boolean }) {
  const normalize = NORMALIZERS[options.normalizer];
  const contains = options.wholeWords ? containsWords : (text: string, part: string) => text.includes(part);
  return (answer: string): ((text: string) => boolean) => {
    const given = normalize(answer).trim();
    return (text) => {
      const wanted = normalize(text).trim();
      return wanted === '' ? given === '' : contains(given, wanted);
    };
  };
}

function containsWords(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    // Three code units hold any one character and a separator.
    const before = text.slice(Math.max(0, at - 3), at);
    const after = text.slice(at + part.length, at + part.length + 3);
    const startsInside =
      (ENDS_IN_WORD.test(before) && STARTS_IN_WORD.test(part)) ||
      (ENDS_IN_NUMBER.test(before) && /^\p{Nd}/u.test(part));
    const endsInside =
      (STARTS_IN_WORD.test(after) && ENDS_IN_WORD.test(part)) ||
      (STARTS_IN_NUMBER.test(after) && /\p{Nd}$/u.test(part));
    if (!startsInside && !endsInside) return true;
  }
  return false;
}
