/** Estimates the length of an answer from the model's limit, earlier runs of the same manifest, or a default. */

import { type ReasoningModel, reasons } from './reasoning.ts';
import { banded, type TokenEstimate } from './token-estimate.ts';

/** Completion tokens of earlier answers to the same manifest by the same model. */
export interface EarlierCompletions {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Whether the endpoint reported reasoning tokens. */
  readonly reasons?: boolean;
  /** A longer answer may come: `max` does not lower the upper bound. */
  readonly isOpen?: true;
  /** The fraction of the tokens that is sound; absent = the answers were text. */
  readonly spokenShare?: number;
}

/** The rule of figures that come from earlier answers. */
export const EARLIER_RUNS = 'earlier runs';

/** A short answer, a paragraph, a page; reasoning models write pages before the answer. */
const DEFAULT = { low: 1, expected: 200, high: 1000 } as const;
const DEFAULT_REASONING = { low: 50, expected: 1500, high: 8000 } as const;

/** Expected tokens of one answer. `maxTokens` bounds every figure that is not measured. */
export function completionTokens(
  model: ReasoningModel,
  earlier: EarlierCompletions | undefined,
  maxTokens: number | null = model.params.maxTokens ?? null,
): TokenEstimate {
  const limit = maxTokens ?? Number.POSITIVE_INFINITY;
  const usual = (model.reasoning ?? (earlier?.reasons === true || reasons(model))) ? DEFAULT_REASONING : DEFAULT;
  const high = maxTokens ?? usual.high;
  if (earlier !== undefined) {
    const most = earlier.isOpen === true ? Math.max(earlier.max, high) : earlier.max;
    return banded(Math.min(earlier.mean, limit), [earlier.min, Math.min(most, limit)], EARLIER_RUNS, 'close');
  }
  const rule = maxTokens === null ? 'default length' : 'maxTokens';
  return banded(Math.min(usual.expected, limit), [Math.min(usual.low, limit), high], rule, 'guess');
}
