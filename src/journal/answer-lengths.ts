/** How long the answers of each model were, collected from results. */

import type { Result } from '../result.ts';

/** Completion tokens of one model's answers. */
export interface AnswerLengths {
  answers: number;
  total: number;
  min: number;
  /** Of a single request. */
  max: number;
  /** Whether the endpoint reported reasoning tokens for one of them. */
  reasons: boolean;
  /** Tokens of sound among the total. */
  spoken: number;
}

/** Adds a result to the lengths by model id; does nothing unless the endpoint reported the length of an answer. */
export function addLength(lengths: Map<string, AnswerLengths>, result: Result): void {
  const tokens = result.usage?.completionTokens ?? null;
  if (result.status !== 'completed' || tokens === null) return;
  // The usage of a sample with turns is that of all its requests.
  const requests = 1 + (result.earlierAnswers?.length ?? 0);
  const mean = tokens / requests;
  const most = Math.max(mean, ...(result.usages ?? []).map((usage) => usage?.completionTokens ?? 0));
  const known = lengths.get(result.modelId) ?? {
    answers: 0,
    total: 0,
    min: mean,
    max: most,
    reasons: false,
    spoken: 0,
  };
  lengths.set(result.modelId, known);
  known.answers += 1;
  known.total += mean;
  known.min = Math.min(known.min, mean);
  known.max = Math.max(known.max, most);
  known.spoken += Math.min(tokens, result.usage?.audioCompletionTokens ?? 0) / requests;
  known.reasons ||= (result.usage?.reasoningTokens ?? 0) > 0;
}
