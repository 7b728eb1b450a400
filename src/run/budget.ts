/** `--max-cost`: the limit of a run, the most that each cell may cost, and the models that have no price. */

import type { Problem } from '../errors.ts';
import type { RequestEstimator } from '../estimate/estimate-cell.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import { priceEstimate } from '../tokens/price-estimate.ts';
import { priceOf } from '../tokens/price-table.ts';
import type { ModelConfig } from '../types.ts';
import { createLedger, type Ledger } from './ledger.ts';

export interface Budget {
  readonly ledger: Ledger;
  /** The most that a cell may cost, in USD; null = its price is not known. */
  readonly highUsd: (request: PlannedRequest) => Promise<number | null>;
}

/** `spentUsd` is what earlier executions of the run have spent. */
export function createBudget(maxCostUsd: number, spentUsd: number, estimateOf: RequestEstimator): Budget {
  return {
    ledger: createLedger(maxCostUsd, spentUsd),
    highUsd: async (request) => priceEstimate(await estimateOf(request), request.model).high,
  };
}

/** A budget needs prices: returns one problem for each model without a price. */
export function unpricedModels(models: readonly ModelConfig[]): readonly Problem[] {
  return models
    .filter((model) => {
      const price = priceOf(model)?.price;
      return price?.promptPerMillion === undefined || price.completionPerMillion === undefined;
    })
    .map(({ id, model }) => ({
      message: `the budget (--max-cost or maxCost) cannot limit "${id}": no price is known for ${model}`,
      hint: 'set the price of prompt and completion tokens in the configuration',
    }));
}
