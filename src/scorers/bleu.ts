/** Scorer `bleu`: n-gram precision of a translation or caption. */

import { z } from 'zod';
import { type Counts, defineScorer, type Figure, type Judgement } from './scorer.ts';
import { isTooLarge, TOO_MANY_ITEMS } from './translation/limits.ts';
import { countNgrams, type NgramCounts } from './translation/ngrams.ts';
import { TOKENIZERS, tokenizers } from './translation/tokenizers.ts';

const options = z.strictObject({
  tokenize: z
    .enum(TOKENIZERS)
    .default('13a')
    .describe('sacreBLEU tokeniser: 13a · intl · char, for languages without spaces · none'),
  lowercase: z.boolean().default(false).describe('capital and small letters are the same'),
  smoothing: z
    .enum(['exp', 'floor', 'add-k', 'none'])
    .default('exp')
    .describe('what an order without a match counts as (Chen and Cherry 2014)'),
  smoothingValue: z.number().positive().exactOptional().describe('of floor (default 0.1) and add-k (default 1)'),
  maxOrder: z.int().min(1).max(8).default(4).describe('longest n-grams'),
  effectiveOrder: z
    .boolean()
    .exactOptional()
    .describe('leaves out orders that the answer is too short for; default: true for one answer, false for the corpus'),
});

type Options = z.output<typeof options>;

/**
 * Against all targets at once (sacreBLEU 2.6: Papineni et al. 2002, `effective_order` for one answer). `raw` runs from 0
 * to 100. The corpus figure is computed from summed counts, not the mean of the answers' figures.
 */
export const bleu = defineScorer({
  description: 'BLEU against all targets (sacreBLEU), 0 to 100',
  version: 1,
  unit: 'bleu',
  options,
  pool: (counts, settings) => toFigure(counts, settings, settings.effectiveOrder ?? false),
  create(settings) {
    const tokenize = tokenizers[settings.tokenize];
    const prepare = (text: string) => tokenize((settings.lowercase ? text.toLowerCase() : text).trimEnd());
    return ({ answer, target }): Judgement => {
      const sequences = [prepare(answer), ...target.map(prepare)];
      if (isTooLarge(sequences)) return TOO_MANY_ITEMS;
      const counts = toCounts(sequences, settings.maxOrder);
      const isEmpty = sequences[0]?.length === 0 && sequences.slice(1).some(({ length }) => length === 0);
      const figure = isEmpty ? { raw: 100, value: 1 } : toFigure(counts, settings, settings.effectiveOrder ?? true);
      return { ...figure, counts };
    };
  },
});

/** `matched1`, `total1` and so on; lengths of the answer and of the target nearest in length, the shorter of equals. */
function toCounts(sequences: readonly (readonly string[])[], maxOrder: number): Counts {
  const [{ length: hypothesis } = [], ...references] = sequences;
  const reference = references
    .map(({ length }) => length)
    .reduce((best, next) => {
      const nearer = Math.abs(next - hypothesis) - Math.abs(best - hypothesis);
      return nearer < 0 || (nearer === 0 && next < best) ? next : best;
    });
  const counts: Record<string, number> = { hypothesis, reference };
  countNgrams(sequences, maxOrder).forEach(([given, ...wanted], index) => {
    counts[`matched${index + 1}`] = given === undefined ? 0 : clipped(given, wanted);
    counts[`total${index + 1}`] = given?.total ?? 0;
  });
  return counts;
}

/** Each n-gram counts at most as often as the target that has it most. */
function clipped(given: NgramCounts, wanted: readonly NgramCounts[]): number {
  let matched = 0;
  for (const [gram, count] of given.counts)
    matched += Math.min(
      count,
      wanted.reduce((most, { counts }) => Math.max(most, counts.get(gram) ?? 0), 0),
    );
  return matched;
}

function toFigure(counts: Counts, settings: Options, effectiveOrder: boolean): Figure {
  const raw = computeBleu(counts, settings, effectiveOrder);
  return { raw, value: Math.min(1, raw / 100) };
}

function computeBleu(
  counts: Counts,
  { maxOrder, smoothing, smoothingValue }: Options,
  effectiveOrder: boolean,
): number {
  const { hypothesis = 0, reference = 0 } = counts;
  const orders = Array.from({ length: maxOrder }, (_, index) => ({
    matched: counts[`matched${index + 1}`] ?? 0,
    total: counts[`total${index + 1}`] ?? 0,
  }));
  if (orders.every(({ matched }) => matched === 0)) return 0;
  let [order, halved, logs] = [maxOrder, 1, 0];
  for (const [index, { matched, total }] of orders.entries()) {
    const added = smoothing === 'add-k' && index > 0 ? (smoothingValue ?? 1) : 0;
    if (total + added === 0) {
      if (!effectiveOrder) return 0;
      break;
    }
    if (effectiveOrder) order = index + 1;
    let precision = (matched + added) / (total + added);
    if (precision === 0 && smoothing === 'exp') {
      halved *= 2;
      precision = 1 / (halved * total);
    } else if (precision === 0 && smoothing === 'floor') precision = (smoothingValue ?? 0.1) / total;
    logs += Math.log(100 * precision);
  }
  const brevity = hypothesis < reference ? Math.exp(1 - reference / hypothesis) : 1;
  return Number.isFinite(logs) ? brevity * Math.exp(logs / order) : 0;
}
