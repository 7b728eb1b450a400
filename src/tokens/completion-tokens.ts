/** How long an answer may be: by the model's limit, by earlier runs of the same manifest, or a stated default. */

import type { ModelConfig } from '../types.ts';
import { banded, type TokenEstimate } from './token-estimate.ts';

/** Completion tokens of earlier answers to the same manifest by the same model. */
export interface EarlierCompletions {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** A short answer, a paragraph, a page; models that reason think for pages before any of it. */
const DEFAULT = { low: 1, expected: 200, high: 1000 } as const;
const DEFAULT_REASONING = { low: 50, expected: 1500, high: 8000 } as const;

/** Expected tokens of one answer. `maxTokens` bounds every figure that is not measured. */
export function completionTokens(
  model: Pick<ModelConfig, 'params' | 'reasoning'>,
  earlier: EarlierCompletions | undefined,
  maxTokens: number | undefined = model.params.maxTokens,
): TokenEstimate {
  const limit = maxTokens ?? Number.POSITIVE_INFINITY;
  if (earlier !== undefined)
    return banded(Math.min(earlier.mean, limit), [earlier.min, Math.min(earlier.max, limit)], 'earlier runs', 'close');
  const usual = model.reasoning === true ? DEFAULT_REASONING : DEFAULT;
  const high = maxTokens ?? usual.high;
  const rule = maxTokens === undefined ? 'default length' : 'maxTokens';
  return banded(Math.min(usual.expected, limit), [Math.min(usual.low, limit), high], rule, 'guess');
}
