/** Scorer `numeric`: the answer's number equals a target's. */

import { z } from 'zod';
import { NORMALIZERS } from './normalize/normalizers.ts';
import { autoevalsDifference } from './numbers/autoevals-difference.ts';
import { inspectMatch } from './numbers/inspect-match.ts';
import { type NumberInText, readNumbers } from './numbers/read-numbers.ts';
import { bestOf, defineScorer, type Judgement, matched, UNREADABLE } from './scorer.ts';

const options = z.strictObject({
  absolute: z.number().nonnegative().default(0).describe('greatest difference that still matches'),
  relative: z.number().nonnegative().default(0).describe("the same as a fraction of the target's number, e.g. 0.05"),
  pick: z
    .enum(['first', 'last', 'any', 'only'])
    .default('last')
    .describe("which of the answer's numbers counts; `last` suits answers that reason first"),
  decimal: z.enum(['point', 'comma']).default('point').describe('point: 1,234.5 · comma: 1.234,5'),
  magnitudes: z
    .enum(['words', 'all', 'none'])
    .default('words')
    .describe('words: 5 million is 5000000 · all: also 5k and 5M · none: both are 5'),
  list: z.boolean().default(false).describe('compares all numbers of the answer with all of the target, in order'),
  reference: z
    .enum(['none', 'inspect', 'autoevals'])
    .default('none')
    .describe('inspect: as match(numeric=True) of Inspect · autoevals: as NumericDiff, with a share for near numbers'),
});

type Options = z.output<typeof options>;

/**
 * 1 when the picked number is within the larger of the two tolerances of a target's, else 0.
 * A target without a number is compared as text. An answer without a number to a target with one has no value.
 */
export const numeric = defineScorer({
  description: "the answer's number equals a target's, within a tolerance",
  version: 2,
  unit: 'match',
  options,
  targetProblem(target, settings) {
    if (settings.list || settings.reference !== 'none') return undefined;
    const several = target.find((text) => readNumbers(text, settings).length > 1);
    return several === undefined
      ? undefined
      : `the target ${JSON.stringify(several.slice(0, 60))} has several numbers; write one, or set list: true`;
  },
  create(settings) {
    const compare = { none: readAndCompare, inspect: asInspect, autoevals: asAutoevals }[settings.reference];
    return ({ answer, target }) => compare(answer, target, settings);
  },
});

function asInspect(answer: string, target: readonly string[], { pick }: Options): Judgement {
  return matched(target.some((text) => inspectMatch(answer, text, pick)));
}

function asAutoevals(answer: string, target: readonly string[], settings: Options): Judgement {
  const [given] = picked(readNumbers(answer, settings), settings.pick);
  if (given === undefined) return UNREADABLE;
  return bestOf(
    target.map((text) => {
      const wanted = readNumbers(text, settings).at(-1);
      return wanted === undefined ? UNREADABLE : autoevalsDifference(given.value, wanted.value);
    }),
  );
}

function readAndCompare(answer: string, target: readonly string[], settings: Options): Judgement {
  const numbers = readNumbers(answer, settings);
  const given = settings.list ? numbers : picked(numbers, settings.pick);
  let compared = false;
  for (const text of target) {
    const wanted = readNumbers(text, settings);
    if (wanted.length > 0 && given.length === 0) continue;
    compared = true;
    if (wanted.length === 0 ? sameText(answer, text) : isMatch(given, wanted, settings)) return matched(true);
  }
  return compared ? matched(false) : UNREADABLE;
}

function sameText(a: string, b: string): boolean {
  return NORMALIZERS.basic(a) === NORMALIZERS.basic(b);
}

function picked(numbers: readonly NumberInText[], pick: Options['pick']): readonly NumberInText[] {
  if (pick === 'any') return numbers;
  if (pick === 'only') return numbers.length === 1 ? numbers : [];
  return pick === 'first' ? numbers.slice(0, 1) : numbers.slice(-1);
}

function isMatch(given: readonly NumberInText[], wanted: readonly NumberInText[], settings: Options): boolean {
  if (settings.list)
    return given.length === wanted.length && wanted.every((number, index) => isEqual(given[index], number, settings));
  const number = wanted.at(settings.pick === 'first' ? 0 : -1);
  return given.some((one) => isEqual(one, number, settings));
}

/** 60 % equals 60 and 0.6, and the other way round. */
function isEqual(given: NumberInText | undefined, wanted: NumberInText | undefined, settings: Options): boolean {
  if (given === undefined || wanted === undefined) return false;
  const isSamePer = given.per === wanted.per;
  const isWrittenAlike = isSamePer || given.per === 1 || wanted.per === 1;
  if (isWrittenAlike && isNear(given.value, wanted.value, settings)) return true;
  return !isSamePer && isNear(given.value / given.per, wanted.value / wanted.per, settings);
}

/** Tolerances are inclusive as a person reads them: 1.05 is within 5 % of 1 although the doubles are a hair apart. */
function isNear(given: number, wanted: number, { absolute, relative }: Options): boolean {
  const tolerance = Math.max(absolute, relative * Math.abs(wanted));
  const slack = tolerance === 0 ? 0 : 4 * Number.EPSILON * Math.max(Math.abs(given), Math.abs(wanted));
  return Math.abs(given - wanted) <= tolerance + slack;
}
