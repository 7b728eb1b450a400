/** Phi-3-vision and Phi-3.5-vision: up to num_crops crops of 336 px, 144 tokens each. */

import { defineImageRule } from './image-rule.ts';

const CROP = 336;

/** 16 crops: the default of Phi-3-vision, and recommended for single images with 3.5, whose default is 4. */
export const phi3Vision = defineImageRule({
  description: '144 tokens for each of up to num_crops crops of 336 px and the global view, with line ends',
  source: 'vllm phi3v.py; tests of 757 and 1921 tokens for 1300x876',
  defaults: { numCrops: 16 },
  symmetric: false,
  tokens: ({ width, height }, { numCrops }) => {
    // Portraits are rotated for the fit and rotated back before the rows are counted.
    const portrait = width < height;
    const ratio = portrait ? height / width : width / height;
    let scale = 1;
    while (scale * Math.ceil(scale / ratio) <= numCrops) scale += 1;
    const long = Math.max(1, scale - 1);
    const short = Math.max(1, Math.ceil(Math.trunc((long * CROP) / ratio) / CROP));
    const rows = portrait ? long : short;
    return (long * short + 1) * 144 + 1 + (rows + 1) * 12;
  },
});
