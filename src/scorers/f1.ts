/** Scorer `f1`: shared words, as in reading comprehension. */

import { z } from 'zod';
import { bestOf, defineScorer, type Judgement, share } from './scorer.ts';

const options = z.strictObject({
  articles: z.boolean().default(false).describe('whether a, an and the are words'),
});

/**
 * F of the bags of words of answer and target, the best of the targets (SQuAD): lower case, without punctuation and
 * articles. Where one side has no words, 1 when neither has, else 0 (SQuAD 2.0).
 */
export const f1 = defineScorer({
  description: 'F1 of shared words with the best target (SQuAD)',
  version: 1,
  unit: 'f1',
  options,
  create:
    ({ articles }) =>
    ({ answer, target }) => {
      const given = bagOf(answer, articles);
      return bestOf(target.map((text) => judge(given, bagOf(text, articles))));
    },
});

interface Bag {
  readonly counts: ReadonlyMap<string, number>;
  readonly size: number;
}

function bagOf(text: string, articles: boolean): Bag {
  const bare = text.toLowerCase().replace(/[!-/:-@[-`{-~]/gu, '');
  const words = (articles ? bare : bare.replace(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, ' '))
    .split(/\s+/u)
    .filter((word) => word !== '');
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { counts, size: words.length };
}

function judge(given: Bag, wanted: Bag): Judgement {
  if (given.size === 0 || wanted.size === 0) return share(given.size === wanted.size ? 1 : 0);
  let shared = 0;
  for (const [word, count] of given.counts) shared += Math.min(count, wanted.counts.get(word) ?? 0);
  return share((2 * shared) / (given.size + wanted.size));
}
