/** Scorer `mmmu-open`: open questions of MMMU. */

import { z } from 'zod';
import { mmmuNormalize, mmmuPredictions } from './choice/mmmu-open-answer.ts';
import { defineScorer, matched } from './scorer.ts';

/** 1 when a number of the answer's key phrases equals a target's in two decimals, or a phrase contains a target. */
export const mmmuOpen = defineScorer({
  description: 'a key phrase of the answer contains a target, or a number of it equals one (MMMU, open questions)',
  version: 1,
  unit: 'match',
  options: z.strictObject({}),
  create:
    () =>
    ({ answer, target }) => {
      const wanted = target.flatMap(mmmuNormalize);
      return matched(
        mmmuPredictions(answer).some((given) =>
          wanted.some((one) =>
            typeof given === 'string' ? typeof one === 'string' && given.includes(one) : given === one,
          ),
        ),
      );
    },
});
