/** The discount of batch APIs: from the configuration or the price table, never assumed. */

import { FREE, type PricedModel, priceOf } from './price-table.ts';

/** The fraction that is taken off the price of a model; null = none is known. */
export function batchDiscountOf(model: PricedModel): number | null {
  return priceOf(model)?.price.batchDiscount ?? null;
}

/** What a user should know of the price of batches; null = the discount is known, or there is no price at all. */
export function discountNote(model: PricedModel & { readonly id: string }): string | null {
  const source = priceOf(model)?.source ?? FREE;
  if (source === FREE || batchDiscountOf(model) !== null) return null;
  return `${model.id}: no batch discount is known, its batches are priced in full · set price.batchDiscount if your contract has one`;
}
