/** Types of write-set.mjs, for the test that makes files of every set again. */

import type { SampleSet } from '../sets.d.mts';

export function manifestOf(set: Pick<SampleSet, 'rows' | 'columns'>): Buffer;
