/** Scorer `yes-no`: whether the answer says yes or no. */

import { z } from 'zod';
import { mmeYesNo, parseYesNo, vlmEvalKitYesNo } from './choice/parse-yes-no.ts';
import { confusion } from './confusion.ts';
import { defineScorer } from './scorer.ts';

const READERS = { ours: parseYesNo, vlmevalkit: vlmEvalKitYesNo, mme: mmeYesNo } as const;

/** 1 when the answer says what a target says, else 0; without value when it says neither or both. */
export const yesNo = defineScorer({
  description: 'the answer says yes or no as the target does',
  version: 1,
  unit: 'match',
  options: z.strictObject({
    rules: z
      .enum(['ours', 'vlmevalkit', 'mme'])
      .default('ours')
      .describe('ours: see below · vlmevalkit: one of both words and not the other · mme: the first four characters'),
  }),
  targetProblem(target) {
    const unreadable = target.find((text) => parseYesNo(text) === null);
    return unreadable === undefined
      ? undefined
      : `the target ${JSON.stringify(unreadable.slice(0, 60))} is neither yes nor no`;
  },
  create:
    ({ rules }) =>
    ({ answer, target }) =>
      confusion(
        target.map((text) => parseYesNo(text) ?? text),
        READERS[rules](answer),
      ),
});
