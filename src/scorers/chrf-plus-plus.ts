/** Scorer `chrf++`: F-score of character and word n-grams. */

import { defineChrf } from './translation/chrf-score.ts';

export const chrfPlusPlus = defineChrf({
  description: 'chrF++: F-score of n-grams of characters and words of the best target (sacreBLEU), 0 to 100',
  unit: 'chrf++',
  wordOrder: 2,
});
