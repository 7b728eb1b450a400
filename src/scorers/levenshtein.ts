/** Scorer `levenshtein`: how much of the answer would have to be typed anew. */

import { z } from 'zod';
import { editDistance } from './alignment/align.ts';
import { TOO_LONG } from './alignment/too-long.ts';
import { NORMALIZERS, normalizerOption } from './normalize/normalizers.ts';
import { bestOf, defineScorer, type Judgement, share } from './scorer.ts';

/** 1 - distance / longer length, in Unicode code points (autoevals' `Levenshtein`); two empty texts are equal. */
export const levenshtein = defineScorer({
  description: 'one less the edit distance over the longer length, of the nearest target',
  version: 1,
  unit: 'similarity',
  options: z.strictObject({ normalizer: normalizerOption('none') }),
  create(options) {
    const characters = (text: string) => [...NORMALIZERS[options.normalizer](text)];
    return async ({ answer, target }) => {
      const given = characters(answer);
      const judgements: Judgement[] = [];
      for (const text of target) judgements.push(await similarity(given, characters(text)));
      return bestOf(judgements);
    };
  },
});

async function similarity(given: readonly string[], wanted: readonly string[]): Promise<Judgement> {
  const length = Math.max(given.length, wanted.length);
  if (length === 0) return share(1);
  const distance = await editDistance(wanted, given);
  return distance === null ? TOO_LONG : share(1 - distance / length);
}
