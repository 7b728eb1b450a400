/** Scorer `anls`: average normalised Levenshtein similarity, for questions about documents. */

import { z } from 'zod';
import { editDistance } from './alignment/align.ts';
import { TOO_LONG } from './alignment/too-long.ts';
import { bestOf, defineScorer, type Judgement, share } from './scorer.ts';

const options = z.strictObject({
  reference: z
    .enum(['paper', 'mp-docvqa'])
    .default('paper')
    .describe(
      'paper: 0 from a normalised distance of 0.5 · mp-docvqa: keeps exactly 0.5; an empty answer or "none" is 0',
    ),
  theta: z.number().min(0).max(1).default(0.5).describe('normalised distance from which a similarity is 0'),
});

type Options = z.output<typeof options>;

/**
 * 1 - NLD of the nearest target in lower case, and 0 when NLD >= theta (Biten et al. 2019, eq. 1; pix2struct
 * `anls_metric`). With `mp-docvqa` texts are trimmed, and a similarity of exactly 1 - theta is kept.
 */
export const anls = defineScorer({
  description: 'normalised Levenshtein similarity of the nearest target, 0 below one half (DocVQA)',
  version: 1,
  unit: 'anls',
  options,
  create(settings) {
    return async ({ answer, target }) => {
      const given = prepared(answer, settings);
      if (settings.reference === 'mp-docvqa' && (given === '' || given === 'none')) return share(0);
      const judgements: Judgement[] = [];
      for (const text of target) judgements.push(await similarity(given, prepared(text, settings), settings));
      return bestOf(judgements);
    };
  },
});

function prepared(text: string, { reference }: Options): string {
  const lower = text.toLowerCase();
  return reference === 'mp-docvqa' ? lower.trim() : lower;
}

async function similarity(answer: string, target: string, { reference, theta }: Options): Promise<Judgement> {
  const [given, wanted] = [[...answer], [...target]];
  const length = Math.max(given.length, wanted.length);
  if (length === 0) return share(1);
  const edits = await editDistance(wanted, given);
  if (edits === null) return TOO_LONG;
  const distance = edits / length;
  const isKept = reference === 'paper' ? distance < theta : 1 - distance >= 1 - theta;
  return share(isKept ? 1 - distance : 0);
}
