/** Scorer `relaxed-accuracy`: numbers within 5 %, other answers exactly, as in ChartQA. */

import { z } from 'zod';
import { pythonFloat } from './numbers/python-float.ts';
import { readNumbers } from './numbers/read-numbers.ts';
import { defineScorer, matched } from './scorer.ts';

const options = z.strictObject({
  tolerance: z.number().nonnegative().default(0.05).describe('greatest relative difference that matches, inclusive'),
  numbers: z
    .enum(['python', 'ours'])
    .default('python')
    .describe("python: as the reference reads them, Python's float, % divides by 100 · ours: the grammar of `numeric`"),
});

type Options = z.output<typeof options>;

/**
 * pix2struct `relaxed_correctness` (Methani et al. 2020, Masry et al. 2022): both are numbers and the target is not 0,
 * then by relative difference; else equal texts, capital and small letters alike.
 */
export const relaxedAccuracy = defineScorer({
  description: 'numbers within 5 % of a target, other answers equal to it (ChartQA)',
  version: 1,
  unit: 'match',
  options,
  create:
    (settings) =>
    ({ answer, target }) =>
      matched(target.some((text) => isCorrect(answer, text, settings))),
});

function isCorrect(answer: string, target: string, { tolerance, numbers }: Options): boolean {
  const read = numbers === 'python' ? pythonNumber : onlyNumber;
  const [given, wanted] = [read(answer), read(target)];
  if (given === undefined || wanted === undefined || wanted === 0) return answer.toLowerCase() === target.toLowerCase();
  return Math.abs(given - wanted) / Math.abs(wanted) <= tolerance;
}

function pythonNumber(text: string): number | undefined {
  if (!text.endsWith('%')) return pythonFloat(text);
  const number = pythonFloat(text.replace(/(?<!%)%+$/u, ''));
  return number === undefined ? undefined : number / 100;
}

/** The last number of an answer; a share when it has a percent sign. */
function onlyNumber(text: string): number | undefined {
  const last = readNumbers(text).at(-1);
  return last === undefined ? undefined : last.value / last.per;
}
