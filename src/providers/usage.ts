/** Makes a usage of the counts that a reply reader found. What was not reported, or is not a count, is null. */

import type { Usage } from '../types.ts';
import { countOf, type WireObject } from './http/wire-value.ts';

/** The journal keeps the vendor's own object up to this many characters of JSON; real ones have some 500. */
const MAX_RAW_CHARACTERS = 8192;

/**
 * Adds the total if it was left out and can be computed, and the raw object if it is small. Where the reported total is not
 * the sum of its parts, the larger figure counts, and tokens that only the total has are counted as completion: they are
 * usually thinking, and never cheaper than the prompt.
 */
export function usageOf(
  raw: WireObject,
  counts: Omit<Usage, 'totalTokens' | 'mismatch' | 'raw'> & { readonly totalTokens: unknown },
): Usage {
  const { promptTokens, completionTokens } = counts;
  const sum = promptTokens === null || completionTokens === null ? null : promptTokens + completionTokens;
  const reported = countOf(counts.totalTokens);
  const kept = isSmall(raw) ? { raw } : {};
  if (sum === null || promptTokens === null || reported === null || reported === sum) {
    const totalTokens = (counts.totalTokens ?? null) === null ? sum : reported;
    return Object.assign({}, counts, { totalTokens }, kept);
  }
  const totalTokens = Math.max(sum, reported);
  const mismatch = { partsTokens: sum, reportedTokens: reported };
  return Object.assign({}, counts, { completionTokens: totalTokens - promptTokens, totalTokens, mismatch }, kept);
}

/** This runs for every reply, so it counts only as far as needed instead of rendering the object. */
function isSmall(raw: WireObject): boolean {
  return lengthAsJson(raw, MAX_RAW_CHARACTERS) <= MAX_RAW_CHARACTERS;
}

/** Characters of a value as JSON, without escapes. It stops above `most`, which bounds the depth, too. */
function lengthAsJson(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null) return String(value).length + 2;
  let length = 2;
  for (const [name, member] of Object.entries(value)) {
    length += name.length + 4;
    if (length > most) break;
    length += lengthAsJson(member, most - length);
  }
  return length;
}
