/** What a cell cost. */

import type { PriceUsage } from '../engine/cell.ts';

export const priceCell: PriceUsage = async (usage) => ({
  costUsd: null,
  tokensSource: usage === null ? null : 'endpoint',
  usage: null,
});
