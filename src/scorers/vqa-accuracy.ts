/** Scorer `vqa-accuracy`: agreement with ten people's answers. */

import { z } from 'zod';
import { defineScorer, share } from './scorer.ts';
import { normalizeAnswer } from './vqa/normalize-answer.ts';

const options = z.strictObject({
  normalize: z
    .enum(['official', 'always'])
    .default('official')
    .describe(
      'official: only where the targets differ, as the VQA script does · always: as VLMEvalKit and lmms-eval do',
    ),
});

/** Fewer targets than this cannot give the full value: three others must agree. */
const LEAST_TARGETS = 4;

/**
 * The mean over the targets of min(1, matches among the other targets / 3) (Antol et al. 2015, official script). The
 * targets are ten people's answers to one question, not alternatives.
 */
export const vqaAccuracy = defineScorer({
  description: "agreement with the answers of ten people, all of them targets (VQA's official accuracy)",
  version: 1,
  unit: 'vqa-accuracy',
  options,
  targetProblem: (target) =>
    target.length < LEAST_TARGETS
      ? `needs the answers of several people as targets, ten in VQA; with ${target.length} no answer gets the full value`
      : undefined,
  create:
    ({ normalize }) =>
    ({ answer, target }) => {
      const isNormalized = normalize === 'always' || new Set(target).size > 1;
      const rule = normalize === 'always' ? 'vlmevalkit' : 'official';
      const plain = (text: string) => (isNormalized ? normalizeAnswer(text, rule) : text);
      const given = isNormalized ? plain(answer) : answer.replace(/[\n\t]/gu, ' ').trim();
      const matches = target.map((text) => plain(text) === given);
      const count = matches.filter(Boolean).length;
      const sum = matches.reduce((total, match) => total + Math.min(1, (count - (match ? 1 : 0)) / 3), 0);
      return share(sum / target.length);
    },
});
