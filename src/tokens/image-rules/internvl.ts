/** InternVL 2, 2.5 and 3: up to 12 tiles of 448 px, 256 tokens each, and a thumbnail when there is more than one. */

import { closestAspectGrid } from './closest-aspect.ts';
import { defineImageRule } from './image-rule.ts';

export const internvl = defineImageRule({
  description: '256 for each of up to max_dynamic_patch tiles of 448 px, and for a thumbnail when there are several',
  source: 'InternVL dynamic_preprocess; vllm test_internvl.py',
  defaults: { maxDynamicPatch: 12 },
  symmetric: false,
  tokens: (size, { maxDynamicPatch }) => {
    const { columns, rows } = closestAspectGrid(size, maxDynamicPatch, 448);
    const tiles = columns * rows;
    return 256 * (tiles > 1 ? tiles + 1 : tiles);
  },
});
