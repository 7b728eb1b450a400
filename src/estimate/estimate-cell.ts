/** What one model will count and charge for one sample, before anything is sent. */

import type { Asked, Conversation } from '../plan/conversation.ts';
import { quote } from '../text/quote.ts';
import type { ModelCalibration } from '../tokens/calibrate.ts';
import { type EstimateOptions, estimateConversation, type RequestEstimate } from '../tokens/estimate.ts';
import type { ReadFacts } from '../tokens/media-facts.ts';
import { type CostEstimate, priceEstimate } from '../tokens/price-estimate.ts';
import type { GenerateParams, ModelConfig } from '../types.ts';
import type { EarlierAnswers } from './earlier-answers.ts';

/** What all estimates of one command share. */
export interface EstimateContext {
  /** Reads each file once. */
  readonly facts: ReadFacts;
  readonly calibrationOf: (model: ModelConfig) => ModelCalibration | undefined;
  readonly earlierOf: (model: ModelConfig) => EarlierAnswers | undefined;
}

/** One cell, asked once. */
export type CellEstimate =
  | {
      readonly status: 'estimated';
      readonly asked: Asked;
      /** More than 1 for a sample with turns. */
      readonly requests: number;
      readonly estimate: RequestEstimate;
      readonly cost: CostEstimate;
    }
  /** The model cannot take it (`skipped`), or a medium of it cannot be used (`unusable`): it has no estimate. */
  | { readonly status: 'skipped' | 'unusable'; readonly asked: Asked; readonly reason: string };

/** Everything that bears on the estimate of a request to this model. */
function estimateOptions(model: ModelConfig, params: GenerateParams, context: EstimateContext): EstimateOptions {
  const [earlier, calibration] = [context.earlierOf(model), context.calibrationOf(model)];
  return {
    facts: context.facts,
    ...(earlier === undefined ? {} : { earlier }),
    ...(calibration === undefined ? {} : { calibration }),
    ...(params.maxTokens === undefined ? {} : { maxTokens: params.maxTokens }),
  };
}

/** Tokens of a conversation with all that is known of its model. */
export function estimateAsked(
  model: ModelConfig,
  conversation: Conversation,
  params: GenerateParams,
  context: EstimateContext,
): Promise<RequestEstimate> {
  return estimateConversation(model, conversation, estimateOptions(model, params, context));
}

/** Estimates and prices a cell. */
export async function estimateCell(asked: Asked, context: EstimateContext): Promise<CellEstimate> {
  const { sample, model, conversation, refusal } = asked;
  if (refusal !== null) return { status: 'skipped', asked, reason: refusal };
  const estimate = await estimateAsked(model, conversation, { ...model.params, ...sample.params }, context);
  const reasons = estimate.problems.map(({ uri, message }) => `${quote(uri)} cannot be used: ${message}`);
  // Without one of its media an estimate would be too low, and nobody would see it.
  if (reasons.length > 0) return { status: 'unusable', asked, reason: [...new Set(reasons)].join('; ') };
  const requests = 1 + conversation.followUps.length;
  return { status: 'estimated', asked, requests, estimate, cost: priceEstimate(estimate, model) };
}
