/** Phi-4-multimodal: a 448 px global view and up to 36 crops of 448 px, padding masked out. */

import { closestAspectGrid } from './closest-aspect.ts';
import { defineImageRule } from './image-rule.ts';

const CROP = 448;
/** Pixels of one patch; a crop has 32 x 32 of them, merged two by two. */
const PATCH = 14;
const PATCHES_PER_CROP = CROP / PATCH;
/** 256 of the global view, its 16 line ends, 1 separator. */
const GLOBAL_TOKENS = 256 + 16 + 1;

/** Line ends make it sensitive to orientation; images are always enlarged to whole crops, so a thumbnail costs 545. */
export const phi4Multimodal = defineImageRule({
  description: '273 + 2x2-merged patches of up to dynamic_hd crops of 448 px, with line ends',
  source: 'transformers image_processing_phi4_multimodal_fast.py; vllm phi4mm.py',
  defaults: { dynamicHd: 36 },
  symmetric: false,
  tokens: (size, { dynamicHd }) => {
    const { width, height } = size;
    const whole = { columns: Math.ceil(width / CROP), rows: Math.ceil(height / CROP) };
    const crops = whole.columns * whole.rows <= dynamicHd ? whole : closestAspectGrid(size, dynamicHd, CROP);
    const [canvasWidth, canvasHeight] = [crops.columns * CROP, crops.rows * CROP];
    // The order of the float operations is that of the original: the quotient first, then the truncated product.
    const [scaleX, scaleY] = [canvasWidth / width, canvasHeight / height];
    const paddedX = scaleX < scaleY ? 0 : canvasWidth - Math.trunc(width * scaleY);
    const paddedY = scaleX < scaleY ? canvasHeight - Math.trunc(height * scaleX) : 0;
    const rows = Math.ceil((PATCHES_PER_CROP * crops.rows - Math.floor(paddedY / PATCH)) / 2);
    const columns = Math.ceil((PATCHES_PER_CROP * crops.columns - Math.floor(paddedX / PATCH)) / 2);
    return GLOBAL_TOKENS + rows * (columns + 1);
  },
});
