/** The discount of batch APIs: from the configuration or the price table, never assumed. */

import { type FoundPrice, FREE, type PricedModel, priceOf } from './price-table.ts';

/** The fraction taken off, and where it is from; null = none is known, and batches are priced in full. */
export function batchDiscountOf(model: PricedModel): { readonly discount: number; readonly source: string } | null {
  const found: FoundPrice | null = priceOf(model);
  const discount = found?.price.batchDiscount;
  return found === null || discount === undefined ? null : { discount, source: found.source };
}

/** What a user should know of the price of batches; null = the discount is known, or there is no price at all. */
export function discountNote(model: PricedModel & { readonly id: string }): string | null {
  const found = priceOf(model);
  if (found === null || found.source === FREE || found.price.batchDiscount !== undefined) return null;
  return `${model.id}: no batch discount is known, its batches are priced in full · set price.batchDiscount if your contract has one`;
}
