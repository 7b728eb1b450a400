/** Scorer `mer`: match error rate. */

import { defineWordErrorRate } from './speech/error-rate.ts';

/** Edits over all words of the alignment, so that it never exceeds 1 (jiwer's `mer`); 0 when both texts are empty. */
export const mer = defineWordErrorRate({
  description: 'match error rate: edits over all words of the alignment',
  version: 1,
  unit: 'mer',
  rate: ({ errors = 0, hits = 0 }) => (errors === 0 ? 0 : errors / (errors + hits)),
  ratio: ({ errors = 0, hits = 0 }) => ({ numerator: errors, denominator: errors + hits }),
});
