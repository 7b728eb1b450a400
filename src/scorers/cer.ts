/** Scorer `cer`: character error rate. */

import { defineCharacterErrorRate } from './speech/error-rate.ts';

/** Edits in Unicode code points, spaces between words included, over the reference's (jiwer's `cer`). */
export const cer = defineCharacterErrorRate({
  description: 'character error rate against the nearest target',
  version: 2,
  unit: 'cer',
  rate: ({ errors = 0, reference = 0 }) => (reference === 0 ? errors : errors / reference),
  ratio: ({ errors = 0, reference = 0 }) => ({ numerator: errors, denominator: reference }),
});
