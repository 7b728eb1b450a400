/** Adds up the usage of a conversation's requests. */

import type { Usage } from '../types.ts';

/** Sums each member; a sum is null when one request did not report it. A single usage is returned unchanged. */
export function sumUsage(usages: readonly (Usage | null)[]): Usage | null {
  const [first] = usages;
  if (usages.length <= 1) return first ?? null;
  if (usages.every((usage) => usage === null)) return null;
  const total = (count: Exclude<keyof Usage, 'raw'>) =>
    usages.reduce<number | null>((sum, usage) => {
      const value = usage?.[count] ?? null;
      return sum === null || value === null ? null : sum + value;
    }, 0);
  return {
    promptTokens: total('promptTokens'),
    completionTokens: total('completionTokens'),
    totalTokens: total('totalTokens'),
    cachedTokens: total('cachedTokens'),
    cacheWriteTokens: total('cacheWriteTokens'),
    reasoningTokens: total('reasoningTokens'),
    audioTokens: total('audioTokens'),
    imageTokens: total('imageTokens'),
    textTokens: total('textTokens'),
    raw: usages.map((usage) => usage?.raw ?? null),
  };
}
