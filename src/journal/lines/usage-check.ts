/** Checks the usage in journal lines. */

import { isRecord } from '../../text/is-record.ts';
import { isAmountOrNull, isMapOf, isNumber } from '../../text/member-checks.ts';

export function isUsageOrNull(value: unknown): boolean {
  if (value === null) return true;
  if (!isRecord(value)) return false;
  const { promptTokens, completionTokens, totalTokens, cachedTokens, cacheWriteTokens = null } = value;
  const {
    reasoningTokens,
    audioTokens,
    imageTokens,
    textTokens,
    audioSeconds = null,
    audioCompletionTokens = null,
    mismatch,
  } = value;
  return (
    isAmountOrNull(promptTokens) &&
    isAmountOrNull(completionTokens) &&
    isAmountOrNull(totalTokens) &&
    isAmountOrNull(cachedTokens) &&
    isAmountOrNull(cacheWriteTokens) &&
    isAmountOrNull(reasoningTokens) &&
    isAmountOrNull(audioTokens) &&
    isAmountOrNull(imageTokens) &&
    isAmountOrNull(textTokens) &&
    isAmountOrNull(audioSeconds) &&
    isAmountOrNull(audioCompletionTokens) &&
    (mismatch === undefined || isMapOf(mismatch, isNumber))
  );
}
