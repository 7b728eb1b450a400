/** Tells an error member that reports a failure from one that some servers put into every reply. */

import { isRecord } from '../../text/is-record.ts';

/**
 * The error of a body; null = none. One that says nothing (`null`, `""`, `{}`, `false`, an object of such members) is no
 * failure beside an answer. Without an answer it is one.
 */
export function errorIn(value: unknown, hasAnswer: boolean): unknown {
  const error = value ?? null;
  return hasAnswer && saysNothing(error, MAX_DEPTH) ? null : error;
}

/** Real errors nest up to three levels. */
const MAX_DEPTH = 4;

function saysNothing(value: unknown, depth: number): boolean {
  if (value === null || value === undefined || value === false || value === 0) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => saysNothing(item, depth - 1));
  return isRecord(value) && Object.values(value).every((member) => saysNothing(member, depth - 1));
}
