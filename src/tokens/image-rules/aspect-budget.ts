/** The largest grid of soft tokens within a budget that keeps the aspect: Gemma 4, and Gemini 3 by measurement. */

import { floorOf } from '../rounding.ts';
import { defineImageRule, type ImageSize } from './image-rule.ts';

function grid({ width, height }: ImageSize, budget: number): number {
  const columns = floorOf(Math.sqrt((budget * width) / height));
  const rows = floorOf(Math.sqrt((budget * height) / width));
  // Extreme aspects keep one row or column, at most as long as the budget.
  if (rows === 0) return Math.min(Math.floor(width / height), budget);
  if (columns === 0) return Math.min(Math.floor(height / width), budget);
  return columns * rows;
}

/** Budgets 70, 140, 280, 560 and 1120 are published. */
export const gemma4 = defineImageRule({
  description: 'the largest grid of soft tokens within a budget (280) that keeps the aspect',
  source: 'transformers models/gemma4/image_processing_gemma4.py, get_aspect_ratio_preserving_size',
  defaults: { budget: 280 },
  tokens: (size, { budget }) => grid(size, budget),
  unsized: ({ budget }) => budget,
});

/** Only the maxima are documented; the grid reproduces all ten measured sizes of one public table. */
export const gemini3 = defineImageRule({
  description: 'the grid rule of Gemma 4 with a budget of 1120 (280, 560, 2240 by media resolution)',
  source: 'https://ai.google.dev/gemini-api/docs/media-resolution; huggingface.co/datasets/JOHNISKING/image-token-cost',
  defaults: { budget: 1120 },
  confidence: 'close',
  band: [0.9, 1.05],
  tokens: (size, { budget }) => grid(size, budget),
  unsized: ({ budget }) => budget,
});
