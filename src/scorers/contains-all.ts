/** Scorer `contains-all`: the answer contains every target or listed term. */

import { z } from 'zod';
import { containedOptions, createContains } from './options/contained.ts';
import { termsOption } from './options/terms-option.ts';
import { defineScorer } from './scorer.ts';

/** 1 when the answer contains all of them, else 0; `raw` is the share that it contains. */
export const containsAll = defineScorer({
  description: 'the answer contains all targets or listed terms',
  version: 1,
  unit: 'share',
  options: z.strictObject({ terms: termsOption, ...containedOptions }),
  needsTarget: ({ terms }) => terms.length === 0,
  create(options) {
    const within = createContains(options);
    return ({ answer, target }) => {
      const wanted = options.terms.length > 0 ? options.terms : target;
      const found = wanted.filter(within(answer)).length;
      return {
        value: found === wanted.length ? 1 : 0,
        raw: found / wanted.length,
        counts: { found, wanted: wanted.length },
      };
    };
  },
});
