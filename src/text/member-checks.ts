/** Checks of single members of data that somebody else may have written, such as a journal line. */

import { isRecord } from './is-record.ts';

/** Names, hashes and ids; far above any that endpoints or manifests have. */
const MAX_NAME_LENGTH = 2 ** 16;
/** Prompts and answers: a row of a manifest has at most 32 MiB, a reply at most 20. */
const MAX_TEXT_LENGTH = 2 ** 25;

/** ISO 8601 UTC as `Date` writes it. */
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** A weighted mean of ones may be a rounding error above one. */
const ROUNDING = 1e-9;

export const isName = (value: unknown) => typeof value === 'string' && value.length <= MAX_NAME_LENGTH;
export const isText = (value: unknown) => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
export const isTextOrNull = (value: unknown) => value === null || isText(value);
export const isTextOrAbsent = (value: unknown) => value === undefined || isText(value);
/** `1e999` is valid JSON for infinity. */
export const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
export const isNumberOrNull = (value: unknown) => value === null || isNumber(value);
export const isNumberOrAbsent = (value: unknown) => value === undefined || isNumber(value);
export const isCount = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
/** Tokens and dollars: a negative cost would raise the budget of a resumed run. */
export const isAmountOrNull = (value: unknown) =>
  value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
export const isShareOrNull = (value: unknown) =>
  value === null || (typeof value === 'number' && value >= -ROUNDING && value <= 1 + ROUNDING);
export const isTrueOrAbsent = (value: unknown) => value === undefined || value === true;
export const isDateOrNull = (value: unknown) => value === null || (typeof value === 'string' && DATE.test(value));

export function isListOf(value: unknown, check: (item: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (const item of value) if (!check(item)) return false;
  return true;
}

export const isListOrAbsent = (value: unknown, check: (item: unknown) => boolean) =>
  value === undefined || isListOf(value, check);

export function isMapOf(value: unknown, check: (item: unknown) => boolean): boolean {
  if (!isRecord(value)) return false;
  for (const name of Object.keys(value)) if (!check(value[name])) return false;
  return true;
}
