/** Scorer `chrf`: F-score of character n-grams. */

import { defineChrf } from './translation/chrf-score.ts';

export const chrf = defineChrf({
  description: 'chrF: F-score of character n-grams of the best target (sacreBLEU), 0 to 100',
  unit: 'chrf',
  wordOrder: 0,
});
