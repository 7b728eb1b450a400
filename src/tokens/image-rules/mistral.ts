/** Pixtral and the Mistral models with vision: rows of merged patches, each row ended by a break token. */

import { roundHalfEven } from '../rounding.ts';
import { defineImageRule } from './image-rule.ts';

/** Pixtral: patch 16, merge 1, 1024 px; Mistral Small 3.1 and later, Medium 3: patch 14, merge 2, 1540 px. */
export const mistral = defineImageRule({
  description: '(columns + 1) x rows of merged patches within an edge limit',
  source: 'mistral-common image.py, tests/test_image.py',
  defaults: { patch: 16, merge: 1, maxEdge: 1024 },
  aliases: { max: 'maxEdge' },
  symmetric: false,
  // mistral-common does not rotate images (its issue 330).
  appliesOrientation: false,
  tokens: ({ width, height }, { patch, merge, maxEdge }) => {
    const ratio = Math.max(width / maxEdge, height / maxEdge);
    const along = (side: number) => {
      const pixels = ratio > 1 ? Math.max(1, roundHalfEven(side / ratio)) : side;
      return Math.floor((pixels - 1) / (patch * merge)) + 1;
    };
    return (along(width) + 1) * along(height);
  },
});
