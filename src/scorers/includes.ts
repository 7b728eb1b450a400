/** Scorer `includes`: the answer contains a target. */

import { z } from 'zod';
import { containedOptions, createContains } from './options/contained.ts';
import { defineScorer, matched } from './scorer.ts';

/** 1 when the normalised answer contains a normalised target, else 0. */
export const includes = defineScorer({
  description: 'the answer contains a target',
  version: 2,
  unit: 'match',
  options: z.strictObject(containedOptions),
  create(options) {
    const within = createContains(options);
    return ({ answer, target }) => matched(target.some(within(answer)));
  },
});
