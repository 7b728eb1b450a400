/** Reads parsed JSON from an endpoint without trusting its shape. */

import { isRecord } from '../../text/is-record.ts';

/** A JSON object; its members are still unknown. */
export type WireObject = Readonly<Record<string, unknown>>;

/** The value as an object; an empty object when it is something else. */
export function objectOf(value: unknown): WireObject {
  return isRecord(value) ? value : {};
}

/** The value as a list; an empty list when it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-empty string, or null. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Ten times the longest context window there is (10 million tokens). */
const MAX_COUNT = 100_000_000;

/** A count of tokens: a whole number of at least 0 that a request can have, or null for anything else. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT ? value : null;
}

/** The same record without undefined members, for types whose optional members must not be undefined. */
export function present<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name in record) {
    const value = record[name];
    if (value !== undefined) result[name] = value as Exclude<T[typeof name], undefined>;
  }
  return result;
}
