/** Llama 4 Scout and Maverick: up to 16 tiles of 336 px and a global view. */

import { bestFitTiles } from './best-fit-canvas.ts';
import { defineImageRule } from './image-rule.ts';

/** 144 tokens and a separator for each tile; the global view with start, end and image marks has 147. */
export const llama4 = defineImageRule({
  description: '145 for each of up to max_patches tiles of 336 px, and 147',
  source: 'transformers image_processing_llama4_fast.py, processing_llama4.py',
  defaults: { maxPatches: 16 },
  tokens: (size, { maxPatches }) => {
    const tiles = bestFitTiles(size, maxPatches, 336);
    return tiles > 1 ? tiles * 144 + tiles + 147 : 147;
  },
});
