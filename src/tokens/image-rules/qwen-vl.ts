/** Qwen2-VL, Qwen2.5-VL, Qwen3-VL and the Omni models: merged patches within a pixel range. */

import { roundHalfEven } from '../rounding.ts';
import { defineImageRule } from './image-rule.ts';

/**
 * `factor` is 28 for Qwen2 and 2.5, 32 for 3. Limits are pixels of the weights' own configuration; `minTokens` and
 * `maxTokens` replace them when above 0 (DashScope caps at 1280 tokens unless `vl_high_resolution_images`).
 */
export const qwenVl = defineImageRule({
  description: 'patches of factor x factor pixels within a range of pixels or tokens',
  source: 'transformers qwen2_vl smart_resize; tests of 1426 and 330 tokens for 1300x876',
  defaults: { factor: 28, minPixels: 3136, maxPixels: 12_845_056, minTokens: 0, maxTokens: 0 },
  aliases: { minpx: 'minPixels', maxpx: 'maxPixels' },
  tokens: ({ width, height }, { factor, minPixels, maxPixels, minTokens, maxTokens }) => {
    const area = factor * factor;
    const least = minTokens > 0 ? minTokens * area : minPixels;
    const most = maxTokens > 0 ? maxTokens * area : maxPixels;
    const near = (side: number) => Math.max(factor, roundHalfEven(side / factor) * factor);
    const [tall, wide] = [near(height), near(width)];
    if (tall * wide > most) {
      const shrink = Math.sqrt((height * width) / most);
      const below = (side: number) => Math.max(1, Math.floor(side / shrink / factor));
      return below(height) * below(width);
    }
    if (tall * wide < least) {
      const enlarge = Math.sqrt(least / (height * width));
      return Math.ceil((height * enlarge) / factor) * Math.ceil((width * enlarge) / factor);
    }
    return (tall / factor) * (wide / factor);
  },
});
