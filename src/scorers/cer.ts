/** Scorer `cer`: character error rate. */

import { defineErrorRate } from './error-rate.ts';

/** Edits in Unicode code points, including spaces, divided by the code points of the reference (jiwer's `cer`). */
export const cer = defineErrorRate({
  name: 'cer',
  description: 'character error rate against the nearest target',
  split: (text) => [...text.trim()],
});
