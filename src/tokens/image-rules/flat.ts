/** The same number of tokens for every size. */

import { defineImageRule } from './image-rule.ts';

export const flat = defineImageRule({
  description: 'the same for every image',
  source: 'by model, see the models table',
  defaults: { tokens: 256 },
  monotone: true,
  tokens: (_size, { tokens }) => tokens,
  unsized: ({ tokens }) => tokens,
});
