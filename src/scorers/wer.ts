/** Scorer `wer`: word error rate. */

import { defineWordErrorRate } from './speech/error-rate.ts';

/** Edits in words over the reference's words; of an empty reference the number of insertions (jiwer's `wer`). */
export const wer = defineWordErrorRate({
  description: 'word error rate against the nearest target',
  version: 2,
  unit: 'wer',
  rate: ({ errors = 0, reference = 0 }) => (reference === 0 ? errors : errors / reference),
  ratio: ({ errors = 0, reference = 0 }) => ({ numerator: errors, denominator: reference }),
});
