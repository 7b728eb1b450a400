/** Prices an estimated request: low, expected and high, and each modality. */

import type { RequestEstimate } from './estimate.ts';
import { type PicoUsd, picoToUsd } from './money.ts';
import { type BillableTokens, type PricedPart, type PricedTokens, type PriceOptions, priceTokens } from './price.ts';
import { type PricedModel, priceOf } from './price-table.ts';
import { NO_TOKENS } from './token-estimate.ts';

/** USD; each null when some part that has tokens has no rate. */
export interface CostEstimate {
  readonly low: number | null;
  readonly expected: number | null;
  readonly high: number | null;
  /** The exact expected cost, for sums. */
  readonly expectedPico: PicoUsd | null;
  /** The expected cost of each part that has tokens; null = no rate. */
  readonly byPart: Readonly<Partial<Record<PricedPart, number | null>>>;
  readonly unpricedParts: readonly PricedPart[];
  /** `configuration`, `free`, or source and date of the price table; null = the model has no price. */
  readonly priceSource: string | null;
}

/** Prices an estimate without cached tokens. */
export function priceEstimate(
  {
    parts,
    units,
    spoken = NO_TOKENS,
  }: Pick<RequestEstimate, 'parts'> & Partial<Pick<RequestEstimate, 'units' | 'spoken'>>,
  model: PricedModel,
  options: Pick<PriceOptions, 'batch' | 'table' | 'at'> = {},
): CostEstimate {
  const found = priceOf(model, options.table, options.at);
  const priced = (bound: 'low' | 'expected' | 'high'): PricedTokens => {
    const tokens: BillableTokens = {
      text: parts.text[bound] + parts.template[bound],
      image: parts.image[bound],
      audio: parts.audio[bound],
      cached: 0,
      cacheWrite: 0,
      completion: parts.completion[bound] - spoken[bound],
      audioCompletion: spoken[bound],
    };
    return priceTokens(tokens, found, options.batch === true, units?.[bound]);
  };
  const low = priced('low');
  const expected = priced('expected');
  const high = priced('high');
  // The high bound includes every possible part, so none can be unpriced without notice.
  const isPriced = high.unpricedParts.length === 0;
  const usd = ({ costPico }: PricedTokens) => (isPriced && costPico !== null ? picoToUsd(costPico) : null);
  const byPart = [...expected.byPart].map(([part, cost]) => [part, cost === null ? null : picoToUsd(cost)] as const);
  return {
    low: usd(low),
    expected: usd(expected),
    high: usd(high),
    expectedPico: isPriced ? expected.costPico : null,
    byPart: Object.fromEntries(byPart),
    unpricedParts: high.unpricedParts,
    priceSource: found?.source ?? null,
  };
}
