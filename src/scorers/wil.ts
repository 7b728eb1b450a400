/** Scorer `wil`: word information lost. */

import { defineWordErrorRate } from './speech/error-rate.ts';

/**
 * 1 - hits² / (reference words x answer's words) (jiwer's `wil`); 0 when both texts are empty, 1 when one is.
 * Pooled from summed counts, as jiwer does, not the ratio of two sums.
 */
export const wil = defineWordErrorRate({
  description: 'word information lost: one less the shares of hits in reference and answer',
  version: 1,
  unit: 'wil',
  rate({ hits = 0, substitutions = 0, insertions = 0, reference = 0 }) {
    const answer = hits + substitutions + insertions;
    if (reference === 0 && answer === 0) return 0;
    return reference === 0 || answer === 0 ? 1 : 1 - (hits / reference) * (hits / answer);
  },
});
