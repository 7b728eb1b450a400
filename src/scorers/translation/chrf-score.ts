/** The character n-gram F-score behind `chrf` and `chrf++`. */

import { z } from 'zod';
import { type Counts, defineScorer, type Figure, type Judgement, type ScorerFactory } from '../scorer.ts';
import { isTooLarge, TOO_MANY_ITEMS } from './limits.ts';
import { countNgrams, type NgramCounts, sharedNgrams } from './ngrams.ts';
import { splitWords } from './tokenizers.ts';

/** Stands for an undefined precision or recall under epsilon smoothing. */
const EPSILON = 1e-16;

const shape = (wordOrder: number) => ({
  charOrder: z.int().min(1).max(10).default(6).describe('longest n-grams of characters'),
  wordOrder: z.int().min(0).max(4).default(wordOrder).describe('longest n-grams of words; 0 = none'),
  beta: z.number().positive().default(2).describe('how much more recall weighs than precision'),
  lowercase: z.boolean().default(false).describe('capital and small letters are the same'),
  whitespace: z.boolean().default(false).describe('counts white space as characters'),
  epsilonSmoothing: z.boolean().default(false).describe('averages F over all orders, as chrF++.py and NLTK do'),
});

type Options = z.output<z.ZodObject<ReturnType<typeof shape>>>;

/**
 * F-beta of n-grams of characters (and words), the best of the targets (sacreBLEU 2.6: Popović 2015, 2017). `raw` runs
 * from 0 to 100; the corpus figure comes from summed counts.
 */
export function defineChrf(spec: {
  readonly description: string;
  readonly unit: string;
  readonly wordOrder: number;
}): ScorerFactory {
  return defineScorer({
    description: spec.description,
    version: 1,
    unit: spec.unit,
    options: z.strictObject(shape(spec.wordOrder)),
    pool: (counts, settings) => toFigure(counts, settings),
    create: (settings) => (input) => judge(input, settings),
  });
}

function judge({ answer, target }: { answer: string; target: readonly string[] }, settings: Options): Judgement {
  const [hypothesis, ...references] = [answer, ...target].map((text) =>
    settings.lowercase ? text.toLowerCase() : text,
  );
  if (hypothesis === undefined) return TOO_MANY_ITEMS;
  const characters = [hypothesis, ...references].map((text) => [
    ...(settings.whitespace ? text : splitWords(text).join('')),
  ]);
  if (isTooLarge(characters)) return TOO_MANY_ITEMS;
  if (characters[0]?.length === 0 && characters.slice(1).some(({ length }) => length === 0))
    return { raw: 100, value: 1, counts: {} };
  const orders = [
    ...countNgrams(characters, settings.charOrder),
    ...(settings.wordOrder === 0 ? [] : countNgrams([hypothesis, ...references].map(wordsApart), settings.wordOrder)),
  ];
  const [first, ...others] = references.map((_, index) => statistics(orders, index));
  if (first === undefined) return TOO_MANY_ITEMS;
  let best = { ...toFigure(first, settings), counts: first };
  for (const counts of others) {
    const figure = toFigure(counts, settings);
    if (figure.raw > best.raw) best = { ...figure, counts };
  }
  return best;
}

/** Against one target: `hypothesis1`, `reference1`, `matched1` and so on; words follow the characters. */
function statistics(orders: readonly (readonly NgramCounts[])[], reference: number): Counts {
  const counts: Record<string, number> = {};
  orders.forEach((sequences, index) => {
    const [given, wanted] = [sequences[0], sequences[reference + 1]];
    if (given === undefined || wanted === undefined) return;
    // Without n-grams in the target there is nothing to be missed.
    counts[`hypothesis${index + 1}`] = wanted.total > 0 ? given.total : 0;
    counts[`reference${index + 1}`] = wanted.total;
    counts[`matched${index + 1}`] = sharedNgrams(given, wanted);
  });
  return counts;
}

/** One punctuation mark is taken off the end of a word, else off its start. */
function wordsApart(text: string): readonly string[] {
  return splitWords(text).flatMap((word) => {
    if ([...word].length === 1) return [word];
    if (/[!-/:-@[-`{-~]$/u.test(word)) return [word.slice(0, -1), word.slice(-1)];
    return /^[!-/:-@[-`{-~]/u.test(word) ? [word.slice(0, 1), word.slice(1)] : [word];
  });
}

function toFigure(counts: Counts, settings: Options): Figure {
  const raw = 100 * fScore(counts, settings);
  return { raw, value: Math.min(1, raw / 100) };
}

function fScore(counts: Counts, { charOrder, wordOrder, beta, epsilonSmoothing }: Options): number {
  const [factor, order] = [beta ** 2, charOrder + wordOrder];
  let [smoothed, precisions, recalls, effective] = [0, 0, 0, 0];
  for (let index = 1; index <= order; index += 1) {
    const [given, wanted] = [counts[`hypothesis${index}`] ?? 0, counts[`reference${index}`] ?? 0];
    const matched = counts[`matched${index}`] ?? 0;
    const precision = given > 0 ? matched / given : EPSILON;
    const recall = wanted > 0 ? matched / wanted : EPSILON;
    const denominator = factor * precision + recall;
    smoothed += denominator > 0 ? ((1 + factor) * precision * recall) / denominator : EPSILON;
    if (given === 0 || wanted === 0) continue;
    precisions += precision;
    recalls += recall;
    effective += 1;
  }
  if (epsilonSmoothing) return smoothed / order;
  if (precisions + recalls === 0) return 0;
  const [precision, recall] = [precisions / effective, recalls / effective];
  return ((1 + factor) * precision * recall) / (factor * precision + recall);
}
