/** Claude's 28 px patches. It supersedes the older `width x height / 750`. */

import { roundHalfEven } from '../rounding.ts';
import { defineImageRule } from './image-rule.ts';

/** Standard models: 1568 px and 1568 tokens; from Opus 4.7 on: 2576 px and 4784 tokens. */
export const claude = defineImageRule({
  description: '28 px patches of the largest size within an edge and a token limit',
  source: 'https://platform.claude.com/docs/en/build-with-claude/vision',
  defaults: { maxEdge: 1568, maxTokens: 1568, patch: 28 },
  aliases: { px: 'maxEdge', tokens: 'maxTokens' },
  tokens: ({ width, height }, { maxEdge, maxTokens, patch }) => {
    const long = Math.max(width, height);
    const ratio = long / Math.min(width, height);
    const patches = (side: number) => Math.ceil(side / patch);
    const shortOf = (side: number) => Math.max(1, roundHalfEven(side / ratio));
    const count = (side: number) => patches(side) * patches(shortOf(side));
    const fits = (side: number) => patches(side) * patch <= maxEdge && count(side) <= maxTokens;
    if (patches(long) * patch <= maxEdge && patches(width) * patches(height) <= maxTokens)
      return patches(width) * patches(height);
    let fitting = 1;
    let tooLong = long;
    while (fitting + 1 < tooLong) {
      const middle = Math.floor((fitting + tooLong) / 2);
      if (fits(middle)) fitting = middle;
      else tooLong = middle;
    }
    return count(fitting);
  },
});
