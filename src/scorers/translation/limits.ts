/** Bounds of metrics over n-grams. */

import { unscored } from '../scorer.ts';

/** Tokens or characters of an answer and its targets; beyond them memory would pass some 100 MB. */
const MAX_ITEMS = 500_000;

export const TOO_MANY_ITEMS = unscored(`the texts have more than ${MAX_ITEMS} words or characters together`);

export function isTooLarge(sequences: readonly (readonly string[])[]): boolean {
  return sequences.reduce((sum, { length }) => sum + length, 0) > MAX_ITEMS;
}
