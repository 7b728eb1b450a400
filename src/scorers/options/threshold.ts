/** The option `threshold`: a figure becomes pass or fail. */

import { z } from 'zod';
import type { Judgement } from '../scorer.ts';

const COMPARISON = /^\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*$/u;

/** A number is the least value that passes; `<0.1` compares the raw figure, e.g. a word error rate. */
export const thresholdOption = z.union([
  z.number().min(0).max(1),
  z
    .string()
    .regex(COMPARISON, { error: 'must be a number from 0 to 1, or a comparison of the raw figure such as "<0.1"' }),
]);

/** Replaces the value by 1 or 0; the raw figure and the counts stay. */
export function applyThreshold(judgement: Judgement, threshold: z.output<typeof thresholdOption>): Judgement {
  const { value, raw } = judgement;
  if (value === null || raw === null) return judgement;
  return { ...judgement, value: passes(value, raw, threshold) ? 1 : 0 };
}

function passes(value: number, raw: number, threshold: string | number): boolean {
  if (typeof threshold === 'number') return value >= threshold;
  const [, operator, limit] = COMPARISON.exec(threshold) ?? [];
  switch (operator) {
    case '<':
      return raw < Number(limit);
    case '<=':
      return raw <= Number(limit);
    case '>':
      return raw > Number(limit);
    default:
      return raw >= Number(limit);
  }
}
