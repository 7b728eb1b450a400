/** Scorer `exact`: the whole answer equals a target. */

import { z } from 'zod';
import { NORMALIZERS, normalizerOption } from './normalize/normalizers.ts';
import { defineScorer, matched } from './scorer.ts';

/** 1 when the normalised answer equals a normalised target, otherwise 0. */
export const exact = defineScorer({
  description: 'the answer equals a target',
  version: 2,
  unit: 'match',
  options: z.strictObject({ normalizer: normalizerOption('basic') }),
  create(options) {
    const normalize = NORMALIZERS[options.normalizer];
    return ({ answer, target }) => {
      const given = normalize(answer);
      return matched(target.some((text) => normalize(text) === given));
    };
  },
});
