/** Scorer `rouge-l`: the longest common subsequence of words. */

import { z } from 'zod';
import { commonSubsequence } from './alignment/common-subsequence.ts';
import { TOO_LONG } from './alignment/too-long.ts';
import { bestOf, defineScorer, type Judgement, share, unscored } from './scorer.ts';

const options = z.strictObject({
  words: z
    .enum(['ascii', 'unicode'])
    .default('ascii')
    .describe('ascii: runs of a-z and 0-9, as rouge_score has it · unicode: letters and digits of every script'),
});

/** F of precision and recall of the longest common subsequence, the best of the targets (Lin 2004; rouge_score, no stemming). */
export const rougeL = defineScorer({
  description: 'ROUGE-L: F-score of the longest common subsequence of words, of the best target',
  version: 1,
  unit: 'rouge-l',
  options,
  create(settings) {
    const toWords = (text: string) =>
      text.toLowerCase().match(settings.words === 'ascii' ? /[a-z0-9]+/gu : /[\p{L}\p{M}\p{N}]+/gu) ?? [];
    return async ({ answer, target }) => {
      const given = toWords(answer);
      const judgements: Judgement[] = [];
      for (const text of target) judgements.push(await judge(given, toWords(text), [answer, text]));
      return bestOf(judgements);
    };
  },
});

async function judge(
  given: readonly string[],
  wanted: readonly string[],
  [answer, text]: readonly [string, string],
): Promise<Judgement> {
  if (wanted.length === 0) {
    if (text.trim() !== '') return unscored('the target has no words that this scorer reads; set words: unicode');
    return share(answer.trim() === '' ? 1 : 0);
  }
  const common = await commonSubsequence(wanted, given);
  if (common === null) return TOO_LONG;
  // F of common / given and common / wanted.
  return share(common === 0 ? 0 : (2 * common) / (given.length + wanted.length));
}
