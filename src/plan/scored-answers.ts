/** The answers of a stored result as scorers get them. */

import type { Result } from '../result.ts';
import type { Sample } from '../types.ts';
import { targetsOf } from './conversation.ts';

/** An answer to one turn, and the acceptable answers. */
export interface ScoredAnswer {
  readonly answer: string;
  readonly target: readonly string[];
}

/**
 * All answers of a result with the targets that the sample has now. null = there is nothing to score: the result does not tell
 * which turn was truncated or refused.
 */
export function scoredAnswers(result: Result, sample: Sample): readonly ScoredAnswer[] | null {
  const isScored = result.outcome === 'answered' || result.outcome === 'unparsed';
  if (result.status !== 'completed' || !isScored) return null;
  const targets = targetsOf(sample);
  return [...(result.earlierAnswers ?? []), result.answer].map((answer, turn) => ({
    answer,
    target: targets[turn] ?? [],
  }));
}
