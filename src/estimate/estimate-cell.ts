/** Estimates the tokens and the cost of one model on one sample before anything is sent. */

import { asksForSpeech } from '../plan/model-provider.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import { quote } from '../text/quote.ts';
import type { ModelCalibration } from '../tokens/calibrate.ts';
import type { EarlierCompletions } from '../tokens/completion-tokens.ts';
import { type EstimateOptions, estimateConversation, type RequestEstimate } from '../tokens/estimate.ts';
import { type CostEstimate, priceEstimate } from '../tokens/price-estimate.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import type { ModelConfig } from '../types.ts';

/** What all estimates of one command share: media facts, the calibration, earlier answers. */
export interface EstimateContext {
  /** Reads each file once. */
  readonly facts: ReadFacts;
  readonly calibrationOf: (model: ModelConfig) => ModelCalibration | undefined;
  readonly earlierOf: (model: ModelConfig) => EarlierCompletions | undefined;
  /** Whether a request will go by a batch API, which has another price; absent = none will. */
  readonly byBatch?: ((request: PlannedRequest) => boolean) | undefined;
}

/** The estimate of one cell, for one repeat. */
export type CellEstimate =
  | {
      readonly status: 'estimated';
      readonly request: PlannedRequest;
      /** Number of HTTP requests: more than 1 for a sample with turns. */
      readonly requestCount: number;
      readonly estimate: RequestEstimate;
      readonly cost: CostEstimate;
    }
  /** There is no estimate: the model does not support the content (`skipped`), or a medium cannot be used (`unusable`). */
  | { readonly status: 'skipped' | 'unusable'; readonly request: PlannedRequest; readonly reason: string };

type AskedModel = Pick<PlannedRequest, 'model' | 'params'>;

/** Everything that the estimate of a request to this model depends on. */
function estimateOptions({ model, params }: AskedModel, context: EstimateContext): EstimateOptions {
  const earlier = context.earlierOf(model);
  const calibration = context.calibrationOf(model);
  return {
    facts: context.facts,
    ...(earlier === undefined ? {} : { earlier }),
    ...(calibration === undefined ? {} : { calibration }),
    maxTokens: params.maxTokens ?? null,
    ...(asksForSpeech({ model, params }) ? { speaks: true } : {}),
  };
}

/** Tokens of a request over all turns of its conversation. */
export function estimateTokens(
  { model, conversation, params }: Pick<PlannedRequest, 'model' | 'conversation' | 'params'>,
  context: EstimateContext,
): Promise<RequestEstimate> {
  return estimateConversation(model, conversation, estimateOptions({ model, params }, context));
}

/** Estimates and prices a cell. */
export async function estimateCell(request: PlannedRequest, context: EstimateContext): Promise<CellEstimate> {
  const { model, conversation, unsupported } = request;
  if (unsupported !== null) return { status: 'skipped', request, reason: unsupported };
  const estimate = await estimateTokens(request, context);
  const reasons = estimate.problems.map(({ uri, message }) => `${quote(uri)} cannot be used: ${message}`);
  // An estimate that leaves one medium out would be too low, and nobody would notice.
  if (reasons.length > 0) return { status: 'unusable', request, reason: [...new Set(reasons)].join('; ') };
  const requestCount = 1 + conversation.followUps.length;
  const batch = context.byBatch?.(request) === true;
  return { status: 'estimated', request, requestCount, estimate, cost: priceEstimate(estimate, model, { batch }) };
}
