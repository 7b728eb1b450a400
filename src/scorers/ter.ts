/** Scorer `ter`: translation edit rate. */

import { z } from 'zod';
import { type Counts, defineScorer, type Figure, type Judgement, unscored } from './scorer.ts';
import { BEAM_WIDTH } from './translation/ter-beam.ts';
import { terEdits } from './translation/ter-edits.ts';
import { terTokens } from './translation/ter-tokens.ts';

/** Words of answer times words of target: 40 MB. */
const MAX_CELLS = 4_000_000;
/** Cells that one shift costs, of which a thousand may be tried: about a second. */
const MAX_CELLS_OF_SHIFT = 250_000;

const TOO_LARGE = unscored('the texts are too long for shifts of blocks, more than some 2,000 words each');

const options = z.strictObject({
  normalized: z.boolean().default(false).describe('takes punctuation apart as Tercom does'),
  noPunctuation: z.boolean().default(false).describe('drops punctuation'),
  asianSupport: z
    .boolean()
    .default(false)
    .describe('takes Chinese and Japanese characters apart; needs one of the two'),
  caseSensitive: z.boolean().default(false).describe('capital and small letters differ'),
});

/**
 * Edits and shifts of blocks of words, the fewest of the targets, over the targets' mean length (sacreBLEU 2.6, which
 * prints it times 100). Against empty targets: 1, or 0 when the answer is empty, too.
 */
export const ter = defineScorer({
  description: 'translation edit rate: edits and shifts over the mean length of the targets (sacreBLEU)',
  version: 1,
  unit: 'ter',
  options,
  pool: toFigure,
  ratio: ({ edits = 0, reference = 0 }) => ({ numerator: edits, denominator: reference }),
  create:
    (settings) =>
    ({ answer, target }): Judgement => {
      const given = terTokens(answer, settings);
      const wanted = target.map((text) => terTokens(text, settings));
      if (wanted.some(({ length }) => isTooLarge(given.length, length))) return TOO_LARGE;
      const edits = wanted.map((reference) => terEdits(given, reference)).reduce((a, b) => Math.min(a, b));
      const reference = wanted.reduce((sum, { length }) => sum + length, 0) / wanted.length;
      const counts = { edits, reference };
      return { ...toFigure(counts), counts };
    },
});

function isTooLarge(given: number, wanted: number): boolean {
  return given * wanted > MAX_CELLS || given * Math.min(wanted, 2 * BEAM_WIDTH) > MAX_CELLS_OF_SHIFT;
}

function toFigure({ edits = 0, reference = 0 }: Counts): Figure {
  const empty = edits > 0 ? 1 : 0;
  const raw = reference > 0 ? edits / reference : empty;
  return { raw, value: Math.max(0, 1 - raw) };
}
