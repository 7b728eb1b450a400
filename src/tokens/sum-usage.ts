/** Adds up the usage of a conversation's requests. */

import type { Usage, UsageCount } from '../types.ts';

/** Sums each member; a sum is null when one request did not report it. A single usage is returned unchanged. */
export function sumUsage(usages: readonly (Usage | null)[]): Usage | null {
  const [first] = usages;
  if (usages.length <= 1) return first ?? null;
  if (usages.every((usage) => usage === null)) return null;
  const total = (count: UsageCount) =>
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
    ...spokenTokens(usages),
    ...heardSeconds(usages),
    raw: usages.map((usage) => usage?.raw ?? null),
  };
}

/** A request without sound has none of these tokens. */
function spokenTokens(usages: readonly (Usage | null)[]): Pick<Usage, 'audioCompletionTokens'> {
  const counts = usages.flatMap(
    (usage) => usage?.audioCompletionTokens ?? (usage?.audioCompletionTokens === null ? [null] : []),
  );
  if (counts.length === 0) return {};
  return {
    audioCompletionTokens: counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count)),
  };
}

/** A request whose endpoint does not bill by time has no such member. */
function heardSeconds(usages: readonly (Usage | null)[]): Pick<Usage, 'audioSeconds'> {
  if (usages.every((usage) => usage?.audioSeconds === undefined)) return {};
  const seconds = usages.map((usage) => usage?.audioSeconds ?? null);
  return {
    audioSeconds: seconds.reduce((sum, count) => (sum === null || count === null ? null : sum + count)),
  };
}
