/** Scorer `regex`: a pattern of the user matches the answer. */

import { z } from 'zod';
import { NORMALIZERS, normalizerOption } from './normalize/normalizers.ts';
import { compileRegex, regexProblem } from './options/user-regex.ts';
import { defineScorer, matched, UNREADABLE } from './scorer.ts';

const options = z.strictObject({
  pattern: z.string().min(1).describe('regular expression in RE2 syntax: linear time, without look-around'),
  group: z
    .union([z.string().min(1), z.int().min(0)])
    .exactOptional()
    .describe('name or number of the group that must equal a target; without it, a match is enough'),
  ignoreCase: z.boolean().default(false).describe('capital and small letters are the same'),
  normalizer: normalizerOption('basic'),
});

/** 1 when the pattern matches; with `group`, when the group of the last match equals a normalised target. */
export const regex = defineScorer({
  description: 'a regular expression matches the answer, or its group equals a target',
  version: 1,
  unit: 'match',
  options,
  needsTarget: ({ group }) => group !== undefined,
  problems(settings) {
    const problem = regexProblem(settings.pattern, settings);
    return problem === undefined ? [] : [{ message: `pattern: ${problem}` }];
  },
  create(settings) {
    const pattern = compileRegex(settings.pattern, settings);
    const normalize = NORMALIZERS[settings.normalizer];
    if (settings.group === undefined) return ({ answer }) => matched(pattern.matches(answer));
    return ({ answer, target }) => {
      const found = pattern.last(answer);
      if (found === null) return UNREADABLE;
      const given = normalize(found);
      return matched(target.some((text) => normalize(text) === given));
    };
  },
});
