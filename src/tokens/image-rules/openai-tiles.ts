/** OpenAI's 512 px tiles: gpt-4o, gpt-4.1, o1, o3, gpt-5, gpt-5.1. */

import { defineImageRule } from './image-rule.ts';

/** `detail: low` costs only the base: set `tile` to 0. */
export const openaiTiles = defineImageRule({
  description: 'base + tile x 512 px tiles, after fitting in 2048 px and a 768 px short side',
  source: 'https://developers.openai.com/api/docs/guides/images-vision#calculating-costs',
  defaults: { base: 85, tile: 170, maxEdge: 2048, shortEdge: 768, tileEdge: 512 },
  tokens: ({ width, height }, { base, tile, maxEdge, shortEdge, tileEdge }) => {
    // Bills are rounded to the nearest pixel here: 2049x513 is 8 tiles, 2050x513 is 4
    // (community.openai.com/t/1281361). Small images are not enlarged.
    const fit = Math.min(1, maxEdge / Math.max(width, height));
    const fitted = [Math.round(width * fit), Math.round(height * fit)] as const;
    const shrink = Math.min(1, shortEdge / Math.min(...fitted));
    const [columns, rows] = fitted.map((side) => Math.max(1, Math.ceil(Math.floor(side * shrink + 1e-9) / tileEdge)));
    return base + tile * (columns ?? 1) * (rows ?? 1);
  },
});
