/** What is said of texts that would take too long to compare. */

import { unscored } from '../scorer.ts';

/** A figure is exact or there is none. */
export const TOO_LONG = unscored('the texts are too long and too different to be compared exactly');
