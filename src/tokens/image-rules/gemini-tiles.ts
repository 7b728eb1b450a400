/** Gemini 2.0 and 2.5: 258 tokens a tile; only the aspect ratio matters. */

import { defineImageRule } from './image-rule.ts';

/** The documentation calls this a rough formula, and reported usage differs from it (python-genai issue 470). */
export const geminiTiles = defineImageRule({
  description: '258 tokens up to 384 px, else 258 for each crop of two thirds of the short side',
  source: 'https://ai.google.dev/gemini-api/docs/image-understanding',
  defaults: { tile: 258, smallEdge: 384, unsized: 2048 },
  confidence: 'rough',
  band: [0.25, 2],
  tokens: ({ width, height }, { tile, smallEdge }) => {
    if (Math.max(width, height) <= smallEdge) return tile;
    const unit = Math.max(1, Math.floor(Math.min(width, height) / 1.5));
    return tile * Math.ceil(width / unit) * Math.ceil(height / unit);
  },
  // The media-resolution page states 256 plus pan and scan, about 2048 in total, for the default.
  unsized: ({ unsized }) => unsized,
});
