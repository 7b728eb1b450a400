/** Makes a usage of the counts that a reply reader found. What was not reported, or is not a count, is null. */

import type { Usage } from '../types.ts';
import { countOf, type WireObject } from './http/wire-value.ts';

/** The journal keeps the vendor's own object up to this many characters of JSON; real ones have some 500. */
const MAX_RAW_CHARACTERS = 8192;

/** Adds the total if it was left out and can be computed, and the raw object if it is small. */
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
