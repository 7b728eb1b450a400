/** Llama 3.2 Vision: up to four tiles of 560 px, 1601 tokens each on the encoder's side. */

import { bestFitTiles } from './best-fit-canvas.ts';
import { defineImageRule } from './image-rule.ts';

/** Reported tokens depend on the host: some bill the tiles, Ollama counts an image as 1 token (its issue 7592). */
export const llama32Vision = defineImageRule({
  description: '1601 tokens for each of up to 4 tiles of 560 px; some hosts count 1 token an image',
  source: 'transformers mllama get_optimal_tiled_canvas; https://docs.together.ai/docs/vision-overview',
  defaults: { maxTiles: 4, tileTokens: 1601 },
  confidence: 'rough',
  band: [0, 1],
  tokens: (size, { maxTiles, tileTokens }) => tileTokens * bestFitTiles(size, maxTiles, 560),
});
