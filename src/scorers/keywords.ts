/** Scorer `keywords`: how well listed terms are recognised in a transcript. */

import { z } from 'zod';
import { align } from './alignment/align.ts';
import { TOO_LONG } from './alignment/too-long.ts';
import { NORMALIZERS, normalizerOption } from './normalize/normalizers.ts';
import { type Counts, defineScorer, type Figure, type Judgement, type ScoreInput, unscored } from './scorer.ts';
import { markTerms, termErrors } from './speech/term-spans.ts';
import { toWords } from './speech/units.ts';

const options = z.strictObject({
  terms: z
    .array(z.string().min(1))
    .default([])
    .describe('terms or names, of one or more words; empty = meta.terms of the sample, separated by |'),
  normalizer: normalizerOption('whisper-basic'),
});

/**
 * F of precision and recall of the terms' occurrences: found ones over those of the target (recall) and of the answer
 * (precision). `parts` also has the error rate of the terms' words alone. The target is the transcript.
 */
export const keywords = defineScorer({
  description: 'recall and precision of listed terms in a transcript, and the error rate of their words',
  version: 1,
  unit: 'keywords',
  options,
  pool: toFigure,
  ratio: ({ found = 0, wanted = 0, given = 0 }) => ({ numerator: 2 * found, denominator: wanted + given }),
  create(settings) {
    const split = (text: string) => toWords(NORMALIZERS[settings.normalizer](text));
    return async (input) => {
      const terms = termsOf(input, settings.terms).map(split);
      if (terms.every(({ length }) => length === 0)) return unscored('no terms: list them as terms or in meta.terms');
      const hypothesis = split(input.answer);
      let best: Judgement | undefined;
      for (const text of input.target) {
        const judgement = await judge(split(text), hypothesis, terms);
        if (judgement.failed === true) return judgement;
        if (best === undefined || (judgement.value ?? 0) > (best.value ?? 0)) best = judgement;
      }
      return best ?? TOO_LONG;
    };
  },
});

function termsOf({ sample }: ScoreInput, terms: readonly string[]): readonly string[] {
  return terms.length > 0 ? terms : (sample.metadata['terms'] ?? '').split('|');
}

async function judge(
  reference: readonly string[],
  hypothesis: readonly string[],
  terms: readonly (readonly string[])[],
): Promise<Judgement> {
  const alignment = await align(reference, hypothesis);
  if (alignment === null) return TOO_LONG;
  const [wanted, given] = [markTerms(reference, terms), markTerms(hypothesis, terms)];
  let found = 0;
  for (const [term, count] of wanted.counts) found += Math.min(count, given.counts.get(term) ?? 0);
  const errors = termErrors(alignment, wanted.isTerm, given.isTerm);
  const words = wanted.isTerm.filter(Boolean).length;
  const counts = { found, wanted: wanted.total, given: given.total, errors, words };
  const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    ...toFigure(counts),
    counts,
    parts: {
      recall: ratio(found, wanted.total),
      precision: ratio(found, given.total),
      errorRate: ratio(errors, words),
    },
  };
}

/** Nothing to find and nothing made up is right. */
function toFigure({ found = 0, wanted = 0, given = 0 }: Counts): Figure {
  const figure = wanted + given === 0 ? 1 : (2 * found) / (wanted + given);
  return { value: figure, raw: figure };
}
