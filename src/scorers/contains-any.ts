/** Scorer `contains-any`: the answer contains a target or a listed term. */

import { z } from 'zod';
import { containedOptions, createContains } from './options/contained.ts';
import { termsOption } from './options/terms-option.ts';
import { defineScorer, matched } from './scorer.ts';

/** 1 when the answer contains one of them, else 0. */
export const containsAny = defineScorer({
  description: 'the answer contains at least one target or listed term',
  version: 1,
  unit: 'match',
  options: z.strictObject({ terms: termsOption, ...containedOptions }),
  needsTarget: ({ terms }) => terms.length === 0,
  create(options) {
    const within = createContains(options);
    return ({ answer, target }) => matched((options.terms.length > 0 ? options.terms : target).some(within(answer)));
  },
});
