/** How near two numbers are, as autoevals' `NumericDiff` counts it. */

import { type Judgement, share } from '../scorer.ts';

/** 1 - |a - b| / (|a| + |b|); two zeros are equal. */
export function autoevalsDifference(given: number, wanted: number): Judgement {
  const size = Math.abs(wanted) + Math.abs(given);
  return share(size === 0 ? 1 : 1 - Math.abs(wanted - given) / size);
}
