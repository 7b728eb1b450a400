/** Parses the plain columns of a sample: id, group, targets, tags, scorers, metadata. */

import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';
import type { ScorerConfig } from '../types.ts';
import { type Complain, nameOfType } from './defect.ts';
import { allOf } from './parse-content.ts';

/** A name: text, or a whole number (not 4.0, which is the number 4 but another text). */
export function parseName(value: unknown, column: string, complain: Complain): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'string' && value.trim() !== '') return value;
  const what = typeof value === 'string' ? 'blank' : nameOfType(value);
  complain(`"${column}" is ${what}, not text`, `write "${column}": "..."`);
  return undefined;
}

const KEEP_DIGITS = 'put it in quotes: 42.10 would become 42.1';

/** The target `""`, which versions before read as none: hashes tell it from `[""]` by its identity, see `content-hash`. */
export const EMPTY_TARGET: readonly string[] = [''];

/** Acceptable answers: text or a list of texts. Numbers are rejected: JSON would turn 42.10 into 42.1. */
export function parseTarget(value: unknown, complain: Complain, where = '"target"'): readonly string[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return allOf(values, (item, index) => {
    if (typeof item === 'string') return item;
    const hint = 'write "..." or ["...", "..."]';
    complain(`${where} is ${nameOfType(item)}, not text`, typeof item === 'number' ? KEEP_DIGITS : hint, {
      item: index,
    });
    return undefined;
  });
}

/** Tags: text or a list of texts. */
export function parseTags(value: unknown, complain: Complain): readonly string[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const tags = allOf(values, (item) => parseName(item, 'tags', complain));
  return tags && [...new Set(tags)];
}

/** Scorers: a name, `{name, ...options}`, or a list of either. Whether the scorer exists is checked later. */
export function parseScorers(value: unknown, complain: Complain): readonly ScorerConfig[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return allOf(values, (item) => parseScorer(item, complain));
}

function parseScorer(value: unknown, complain: Complain): ScorerConfig | undefined {
  const { name, weight, ...options }: Readonly<Record<string, unknown>> = isRecord(value) ? value : { name: value };
  if (typeof name !== 'string' || name.trim() === '') {
    complain('"scorer" has no name', 'write "exact", or {"name": "exact", ...}');
    return undefined;
  }
  if (weight === undefined || weight === null) return { ...options, name: name.trim() };
  if (typeof weight === 'number' && weight >= 0 && Number.isFinite(weight))
    return { ...options, name: name.trim(), weight };
  complain(`the weight of scorer ${quote(name)} is not a number of at least 0`, 'leave it out for 1');
  return undefined;
}

/** Metadata as text, which tables show and group by; lists and objects become JSON. */
export function metadataText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
