/** Shared by the error rates of transcripts: align with the nearest target, count edits, pool over a corpus. */

import { z } from 'zod';
import { type Alignment, align } from '../alignment/align.ts';
import { TOO_LONG } from '../alignment/too-long.ts';
import { NORMALIZERS, normalizerOption } from '../normalize/normalizers.ts';
import { type Counts, defineScorer, type Figure, type Judgement, type Ratio, type ScorerFactory } from '../scorer.ts';
import { alignmentSteps } from './alignment-steps.ts';
import { joinCompounds } from './compounds.ts';
import { equivalenceProblems, readEquivalences, unifySpellings } from './equivalences.ts';
import { splitterOf, unitOptions } from './units.ts';

/** What distinguishes one rate from another. */
export interface ErrorRate {
  readonly description: string;
  readonly version: number;
  readonly unit: string;
  /** The rate, from summed counts; lower is better and it can exceed 1. */
  readonly rate: (counts: Counts) => number;
  /** The two sums that the rate is the ratio of. */
  readonly ratio?: (counts: Counts) => Ratio;
}

/** Makes a rate over words (or characters, by language) with the options of transcripts. */
export function defineWordErrorRate(spec: ErrorRate): ScorerFactory {
  return defineScorer({
    ...figures(spec),
    options: z.strictObject({
      normalizer: normalizerOption('none'),
      ...unitOptions,
      compounds: z.boolean().default(false).describe('joins words that differ only in a space: data base, database'),
      equivalences: z
        .string()
        .min(1)
        .exactOptional()
        .describe('path of a CSV file with two or more equivalent spellings a line'),
    }),
    paths: ['equivalences'],
    problems: ({ equivalences }) =>
      equivalences === undefined
        ? []
        : equivalenceProblems(equivalences).map((message) => ({ message: `equivalences: ${message}` })),
    create(options) {
      const normalize = NORMALIZERS[options.normalizer];
      const split = splitterOf(options);
      const equivalences =
        options.equivalences === undefined ? undefined : readEquivalences(options.equivalences, normalize);
      const toPieces = (text: string) => {
        const pieces = split(normalize(text));
        return equivalences === undefined ? pieces : unifySpellings(pieces, equivalences);
      };
      const explanation = remarks(options.compounds, options.equivalences);
      const separator = split('a b').join('') === 'ab' && split('ab').length === 2 ? '' : ' ';
      return nearest(spec, toPieces, async (reference, hypothesis) => {
        const [wanted, given] = options.compounds ? joinCompounds(reference, hypothesis) : [reference, hypothesis];
        const alignment = await align(wanted, given);
        const steps = alignment && alignmentSteps(alignment, wanted, given, separator);
        return alignment && { alignment, judgement: { ...(steps && { alignment: steps }), ...explanation } };
      });
    },
  });
}

/** Makes the rate over characters, spaces between words included. */
export function defineCharacterErrorRate(spec: ErrorRate): ScorerFactory {
  return defineScorer({
    ...figures(spec),
    options: z.strictObject({ normalizer: normalizerOption('none') }),
    create(options) {
      const toPieces = (text: string) => [...NORMALIZERS[options.normalizer](text).trim()];
      return nearest(spec, toPieces, async (reference, hypothesis) => {
        const alignment = await align(reference, hypothesis);
        return alignment && { alignment, judgement: {} };
      });
    },
  });
}

function figures({ description, version, unit, rate, ratio }: ErrorRate) {
  return { description, version, unit, pool: (counts: Counts) => toFigure(rate(counts)), ...(ratio && { ratio }) };
}

function toFigure(raw: number): Figure {
  return { raw, value: Math.max(0, 1 - raw) };
}

interface Aligned {
  readonly alignment: Alignment;
  readonly judgement: Partial<Judgement>;
}

/** Judges by the target with the lowest rate. If one cannot be aligned, no other one is known to be the nearest. */
function nearest(
  { rate }: ErrorRate,
  toPieces: (text: string) => readonly string[],
  alignWith: (reference: readonly string[], hypothesis: readonly string[]) => Promise<Aligned | null>,
) {
  return async ({ answer, target }: { answer: string; target: readonly string[] }): Promise<Judgement> => {
    const hypothesis = toPieces(answer);
    let best: Judgement | undefined;
    for (const text of target) {
      const aligned = await alignWith(toPieces(text), hypothesis);
      if (aligned === null) return TOO_LONG;
      const counts = toCounts(aligned.alignment);
      const figure = toFigure(rate(counts));
      if (best === undefined || figure.raw < (best.raw ?? 0)) best = { ...figure, counts, ...aligned.judgement };
    }
    return best ?? TOO_LONG;
  };
}

function toCounts({ counts }: Alignment): Counts {
  const { substitutions, deletions, insertions, hits } = counts;
  return {
    ...{ errors: substitutions + deletions + insertions, substitutions, deletions, insertions, hits },
    reference: hits + substitutions + deletions,
  };
}

function remarks(compounds: boolean, equivalences: string | undefined): { readonly explanation?: string } {
  const applied = [
    ...(compounds ? ['compounds joined'] : []),
    ...(equivalences === undefined ? [] : [`equivalences of ${equivalences.split(/[\\/]/u).at(-1)}`]),
  ];
  return applied.length === 0 ? {} : { explanation: applied.join(', ') };
}
