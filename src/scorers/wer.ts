/** Scorer `wer`: word error rate. */

import { defineErrorRate } from './error-rate.ts';

/** Edits in words divided by the words of the reference (jiwer's `wer`); `value` is max(0, 1 - WER). */
export const wer = defineErrorRate({
  name: 'wer',
  description: 'word error rate against the nearest target',
  split: (text) => text.split(/\s+/u).filter((word) => word !== ''),
});
