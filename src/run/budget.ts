/** `--max-cost`: the most a cell may cost, and the ledger that keeps the run below the limit. */

import type { Problem } from '../errors.ts';
import type { CellEstimates } from '../estimate/cell-estimates.ts';
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
export function createBudget(maxCostUsd: number, spentUsd: number, estimateOf: CellEstimates): Budget {
  return {
    ledger: createLedger(maxCostUsd, spentUsd),
    highUsd: async (request) => priceEstimate(await estimateOf(request), request.model).high,
  };
}

/** A budget can only bound what has a price: one problem for each model without one. */
export function unboundModels(models: readonly ModelConfig[]): readonly Problem[] {
  return models
    .filter((model) => {
      const price = priceOf(model)?.price;
      return price?.promptPerMillion === undefined || price.completionPerMillion === undefined;
    })
    .map(({ id, model }) => ({
      message: `the budget (--max-cost or maxCost) cannot bound "${id}": no price is known for ${model}`,
      hint: 'give the model a price for prompt and completion in the configuration',
    }));
}
