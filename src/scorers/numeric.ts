/** Scorer `numeric`: the answer's number equals a target's. */

import { z } from 'zod';
import { NORMALIZERS } from './normalize/normalizers.ts';
import { extractNumbers, type FoundNumber } from './numbers-in-text.ts';
import { defineScorer, matched, UNREADABLE } from './scorer.ts';

const options = z.strictObject({
  absolute: z.number().nonnegative().default(0).describe('largest difference that still matches'),
  relative: z.number().nonnegative().default(0).describe("the same as a fraction of the target's number, e.g. 0.05"),
  pick: z
    .enum(['first', 'last', 'any'])
    .default('last')
    .describe("which of the answer's numbers counts; `last` suits answers that reason first"),
  decimal: z.enum(['point', 'comma']).default('point').describe('point: 1,234.5 · comma: 1.234,5'),
});

type Options = z.output<typeof options>;

/**
 * 1 when the picked number differs from a target's by at most the larger of the two tolerances, otherwise 0.
 * A target without a number is compared as text, as in ChartQA's relaxed accuracy. When only the target has a number, the
 * answer cannot be judged: null.
 */
export const numeric = defineScorer({
  name: 'numeric',
  unit: 'match',
  description: "the answer's number equals a target's, within a tolerance",
  options,
  create: (settings) => (input) => {
    const numbers = extractNumbers(input.answer, settings.decimal);
    let compared = false;
    for (const text of input.target) {
      const [wanted] = picked(extractNumbers(text, settings.decimal), settings.pick === 'first' ? 'first' : 'last');
      if (wanted !== undefined && numbers.length === 0) continue;
      compared = true;
      if (
        wanted === undefined
          ? sameText(input.answer, text)
          : candidates(numbers, wanted, settings).some(equals(wanted, settings))
      )
        return matched(true);
    }
    return compared ? matched(false) : UNREADABLE;
  },
});

function sameText(a: string, b: string): boolean {
  return NORMALIZERS.basic(a) === NORMALIZERS.basic(b);
}

/** Compares percentages with percentages and plain numbers with plain ones, unless the answer has only the other kind. */
function candidates(numbers: readonly FoundNumber[], wanted: FoundNumber, { pick }: Options): readonly FoundNumber[] {
  const alike = numbers.filter(({ percent }) => percent === wanted.percent);
  return picked(alike.length > 0 ? alike : numbers, pick);
}

function picked(numbers: readonly FoundNumber[], pick: Options['pick']): readonly FoundNumber[] {
  if (pick === 'any') return numbers;
  return pick === 'first' ? numbers.slice(0, 1) : numbers.slice(-1);
}

/** 60 % equals both 60 and 0.6, in either direction. */
function equals(wanted: FoundNumber, settings: Options): (found: FoundNumber) => boolean {
  return (found) => {
    if (near(found.value, wanted.value, settings)) return true;
    if (found.percent === wanted.percent) return false;
    return found.percent
      ? near(found.value / 100, wanted.value, settings)
      : near(found.value, wanted.value / 100, settings);
  };
}

/** Tolerances are inclusive, with slack for rounding: 1.05 is within 5 % of 1 although the doubles differ slightly. */
function near(found: number, wanted: number, { absolute, relative }: Options): boolean {
  const tolerance = Math.max(absolute, relative * Math.abs(wanted));
  const slack = tolerance === 0 ? 0 : 4 * Number.EPSILON * Math.max(Math.abs(found), Math.abs(wanted));
  return Math.abs(found - wanted) <= tolerance + slack;
}
