/** OpenAI's 32 px patches: the mini and nano models, o4-mini, and everything from gpt-5.2 on. */

import { ceilOf, floorOf } from '../rounding.ts';
import { defineImageRule } from './image-rule.ts';

/** A limit that is never reached. */
const NONE = Number.MAX_SAFE_INTEGER;

/** Difference from bills for gpt-4.1-mini in the forum, and from float rounding that the guide mentions. */
const BILLING_SLACK = 2;

/** `nearest` 1 rounds the product to the nearest token, as the guide did until autumn 2026; it now rounds up. */
export const openaiPatches = defineImageRule({
  description: '32 px patches within a pixel limit and a patch budget, times a multiplier',
  source: 'https://developers.openai.com/api/docs/guides/images-vision#calculating-costs',
  defaults: { multiplier: 1, maxEdge: NONE, budget: NONE, patch: 32, nearest: 0 },
  aliases: { patchbudget: 'budget', px: 'maxEdge' },
  confidence: 'close',
  slack: BILLING_SLACK,
  monotone: true,
  tokens: (size, { multiplier, maxEdge, budget, patch, nearest }) => {
    const fit = Math.min(1, maxEdge / Math.max(size.width, size.height));
    const width = Math.max(1, Math.round(size.width * fit));
    const height = Math.max(1, Math.round(size.height * fit));
    const patches = Math.ceil(width / patch) * Math.ceil(height / patch);
    const kept = patches <= budget ? patches : shrunkPatches(width, height, budget, patch);
    return nearest === 1 ? floorOf(kept * multiplier + 0.5) : ceilOf(kept * multiplier);
  },
});

/** Scales to the budget's area, then down again until one side is a whole number of patches. */
function shrunkPatches(width: number, height: number, budget: number, patch: number): number {
  const scale = Math.sqrt((patch * patch * budget) / (width * height));
  // A side thinner than one patch would be rounded to 0 patches; it keeps one.
  const whole = (side: number) => Math.max(1, Math.floor(side)) / side;
  const adjusted = scale * Math.min(whole((width * scale) / patch), whole((height * scale) / patch));
  const along = (side: number) => Math.max(1, Math.ceil(floorOf(side * adjusted) / patch));
  return Math.min(budget, along(width) * along(height));
}
