/** The plain columns of a sample: id, group, targets, tags, scorers, metadata. */

import { isRecord } from '../text/is-record.ts';
import type { ScorerConfig } from '../types.ts';
import { type Complain, nameOfType } from './defect.ts';
import { allOf } from './parse-content.ts';

/** A name: text, or a whole number, whose text is beyond doubt (4.0 and 4 are the same number but not the same text). */
export function parseName(value: unknown, column: string, complain: Complain): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'string' && value.trim() !== '') return value;
  const what = typeof value === 'string' ? 'blank' : nameOfType(value);
  complain(`"${column}" is ${what}, not text`, `write "${column}": "..."`);
  return undefined;
}

const KEEP_DIGITS = 'put it in quotes: 42.10 would become 42.1';

/** Acceptable answers: text or a list of texts. Numbers are refused: JSON would turn 42.10 into 42.1. */
export function parseTarget(value: unknown, complain: Complain, where = '"target"'): readonly string[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return allOf(values, (item) => {
    if (typeof item === 'string') return item;
    const hint = 'write "..." or ["...", "..."]';
    complain(`${where} is ${nameOfType(item)}, not text`, typeof item === 'number' ? KEEP_DIGITS : hint);
    return undefined;
  });
}

/** Tags: text or a list of texts. */
export function parseTags(value: unknown, complain: Complain): readonly string[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const tags = allOf(values, (item) => parseName(item, 'tags', complain));
  return tags && [...new Set(tags)];
}

/** Scorers: a name, `{name, ...options}`, or a list of either. Whether a scorer of that name exists is not asked here. */
export function parseScorers(value: unknown, complain: Complain): readonly ScorerConfig[] | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return allOf(values, (item) => parseScorer(item, complain));
}

function parseScorer(value: unknown, complain: Complain): ScorerConfig | undefined {
  const { name, weight, ...options }: Readonly<Record<string, unknown>> = isRecord(value) ? value : { name: value };
  if (typeof name !== 'string' || name.trim() === '') {
    complain(`"scorer" names none`, 'write "exact", or {"name": "exact", ...}');
    return undefined;
  }
  if (weight === undefined || weight === null) return { ...options, name: name.trim() };
  if (typeof weight === 'number' && weight >= 0 && Number.isFinite(weight))
    return { ...options, name: name.trim(), weight };
  complain(`the weight of scorer "${name}" is not a number from 0`, 'leave it out for 1');
  return undefined;
}

/** Metadata are shown and grouped by as text: lists and objects become JSON. */
export function metadataText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
