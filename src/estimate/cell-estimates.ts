/** The estimates of cells while they run, which budget and price share. */

import type { AnswerLengths } from '../journal/answer-lengths.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import type { EarlierCompletions } from '../tokens/completion-tokens.ts';
import type { RequestEstimate } from '../tokens/estimate.ts';
import type { ModelConfig } from '../types.ts';
import { earlierCompletions } from './earlier-answers.ts';
import { type EstimateContext, estimateTokens } from './estimate-cell.ts';

/** Estimates a request when it is first asked for; the estimate is freed together with the request. */
export type RequestEstimator = (request: PlannedRequest) => Promise<RequestEstimate>;

export interface CellEstimates {
  /** The request as it is planned. */
  readonly of: RequestEstimator;
  /** The same request to the same model, if its answers contain reasoning; `reasoning` of the model wins. */
  readonly withReasoning: RequestEstimator;
  /** Whether anything bounds the answer, or shows how long earlier answers were. */
  isLengthKnown(request: PlannedRequest): boolean;
}

/**
 * `lengths` are those of the answers that the run has already, by model id. Earlier answers say how long the next is
 * likely to be; they do not bound it, and a budget needs a bound.
 */
export function createCellEstimates(
  sources: EstimateContext,
  lengths: ReadonlyMap<string, AnswerLengths> = new Map(),
): CellEstimates {
  const earlierOf = (model: ModelConfig): EarlierCompletions | undefined => {
    const own = lengths.get(model.id);
    return own === undefined ? sources.earlierOf(model) : earlierCompletions(own);
  };
  const context: EstimateContext = {
    ...sources,
    earlierOf: (model) => {
      const earlier = earlierOf(model);
      return earlier === undefined ? undefined : { ...earlier, isOpen: true };
    },
  };
  const estimates = new WeakMap<PlannedRequest, Promise<RequestEstimate>>();
  return {
    of(request) {
      const known = estimates.get(request);
      if (known !== undefined) return known;
      const estimate = estimateTokens(request, context);
      estimates.set(request, estimate);
      return estimate;
    },
    withReasoning: ({ model, conversation, params }) =>
      estimateTokens({ model: { ...model, reasoning: model.reasoning ?? true }, conversation, params }, context),
    isLengthKnown: ({ model, params }) => params.maxTokens !== undefined || earlierOf(model) !== undefined,
  };
}
