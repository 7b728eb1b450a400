/** Scorer `includes`: the answer contains a target. */

import { z } from 'zod';
import { NORMALIZERS, normalizerOption } from './normalize/normalizers.ts';
import { defineScorer, matched } from './scorer.ts';

const ENDS_IN_WORD = /[\p{L}\p{N}_]$/u;
const STARTS_IN_WORD = /^[\p{L}\p{N}_]/u;
/** A point, comma or colon between two digits joins them into one number. */
const ENDS_IN_NUMBER = /\p{Nd}[.,:]$/u;
const STARTS_IN_NUMBER = /^[.,:]\p{Nd}/u;

/** 1 when the normalised answer contains a normalised target, otherwise 0. An empty target matches only an empty answer. */
export const includes = defineScorer({
  name: 'includes',
  unit: 'match',
  description: 'the answer contains a target',
  options: z.strictObject({
    normalizer: normalizerOption('basic'),
    wholeWords: z
      .boolean()
      .default(false)
      .describe('the target must not continue into a word or number: 5 is not in 25'),
  }),
  create(options) {
    const normalize = NORMALIZERS[options.normalizer];
    const contains = options.wholeWords ? containsWords : (text: string, part: string) => text.includes(part);
    return ({ answer, target }) => {
      const given = normalize(answer).trim();
      return matched(
        target.some((text) => {
          const wanted = normalize(text).trim();
          return wanted === '' ? given === '' : contains(given, wanted);
        }),
      );
    };
  },
});

function containsWords(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    // Three code units are enough for any character and a separator.
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
