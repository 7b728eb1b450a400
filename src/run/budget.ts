/** `--max-cost`: the most a cell may cost, and the ledger that keeps the run below the limit. */

import type { Problem } from '../errors.ts';
import type { CellEstimates } from '../estimate/cell-estimates.ts';
import { priceEstimate } from '../tokens/price-estimate.ts';
import { priceOf } from '../tokens/price-table.ts';
import type { ModelConfig } from '../types.ts';
import type { CellContext } from './cell-context.ts';
import { createBudget } from './ledger.ts';

/** `spentUsd` is what an interrupted run had spent. */
export function createBudgeting(
  maxCostUsd: number,
  spentUsd: number,
  estimateOf: CellEstimates,
): NonNullable<CellContext['budget']> {
  return {
    ledger: createBudget(maxCostUsd, spentUsd),
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
