/** Amazon Nova 1: no formula is published, only five sizes with about their tokens. */

import { defineImageRule } from './image-rule.ts';

/** Pixels and tokens in the table of the user guide, by area. Its example gives about 800 for 800x400 (the first row). */
const TABLE = [
  { pixels: 900 * 450, tokens: 800 },
  { pixels: 900 * 900, tokens: 1300 },
  { pixels: 1400 * 900, tokens: 1800 },
  { pixels: 1800 * 900, tokens: 2400 },
  { pixels: 1300 * 1300, tokens: 2600 },
] as const;

/** Straight lines between the rows; smaller images cost the first row (they are enlarged), larger ones the last. */
export const nova = defineImageRule({
  description: 'between the five published sizes, by area',
  source: 'https://docs.aws.amazon.com/nova/latest/userguide/modalities-image.html',
  defaults: {},
  confidence: 'rough',
  band: [0.7, 1.5],
  monotone: true,
  tokens: ({ width, height }) => {
    const pixels = width * height;
    const above = TABLE.findIndex((row) => pixels <= row.pixels);
    const upper = TABLE[above];
    const lower = TABLE[above - 1];
    if (upper === undefined) return TABLE[TABLE.length - 1]?.tokens ?? 0;
    if (lower === undefined) return upper.tokens;
    const share = (pixels - lower.pixels) / (upper.pixels - lower.pixels);
    return Math.round(lower.tokens + share * (upper.tokens - lower.tokens));
  },
});
