/** Makes a usage of the counts that a dialect read: what was not reported, or is not a count, is null. */

import type { Usage } from '../types.ts';
import { countOf, type WireObject } from './http/wire-value.ts';

/** The vendor's own object is kept for the journal up to this many characters of JSON; real ones have some 500. */
const MAX_RAW_CHARACTERS = 8192;

/** Adds the total where it was left out and can be known, and the raw object where it is small. */
export function usageOf(
  raw: WireObject,
  counts: Omit<Usage, 'totalTokens' | 'raw'> & { readonly totalTokens: unknown },
): Usage {
  const { promptTokens, completionTokens } = counts;
  const derived = promptTokens === null || completionTokens === null ? null : promptTokens + completionTokens;
  const reported = counts.totalTokens ?? null;
  const totalTokens = reported === null ? derived : countOf(reported);
  return Object.assign({}, counts, isSmall(raw) ? { totalTokens, raw } : { totalTokens });
}

/** Every reply comes here: this counts as far as it must instead of rendering the object. */
function isSmall(raw: WireObject): boolean {
  return lengthAsJson(raw, MAX_RAW_CHARACTERS) <= MAX_RAW_CHARACTERS;
}

/** Characters of a value as JSON, without escapes; above `most` it stops counting, so depth is bounded, too. */
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
