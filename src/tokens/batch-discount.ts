/** The discount of batch APIs: from the configuration or the price table, never assumed. */

import { FREE, type PricedModel, priceOf } from './price-table.ts';

/** What a user should know of the price of batches; null = the discount is known, or there is no price at all. */
export function discountNote(model: PricedModel & { readonly id: string }): string | null {
  const found = priceOf(model);
  if (found === null || found.source === FREE || found.price.batchDiscount !== undefined) return null;
  return `${model.id}: no batch discount is known, its batches are priced in full · set price.batchDiscount if your contract has one`;
}
