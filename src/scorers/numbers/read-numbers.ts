/** Reads the numbers of a text: the one reader that answers and targets go through. */

import {
  CURRENCY_AFTER,
  EXPONENT,
  FRACTION,
  JOINT,
  MINUS_WORD,
  MIXED,
  MONTH_AND_YEAR,
  MONTH_BEFORE,
  magnitudeAt,
  matchAt,
  NAME_AFTER,
  NAME_BEFORE,
  NAME_BEFORE_SIGN,
  NO_SIGN_AFTER,
  PER_MILLE,
  PERCENT,
  POWER,
  PREFIX,
  TIMES_TEN,
  YEAR_AFTER,
} from './affixes.ts';
import { canonicalText } from './canonical-text.ts';
import { type DecimalMark, type Digits, readDigitGroups } from './digit-groups.ts';
import { isAccountingNegative } from './parentheses.ts';

/** One number of a text. */
export interface NumberInText {
  /** As written: 60 for `60 %`. */
  readonly value: number;
  /** 100 for percent, 1000 for per mille; the share is `value / per`. */
  readonly per: 1 | 100 | 1000;
}

export interface NumberOptions {
  readonly decimal: DecimalMark;
  /** Which magnitudes multiply a number: `words` (million, bn), `all` (also k, M), or `none`. */
  readonly magnitudes: 'words' | 'all' | 'none';
}

const DEFAULTS: NumberOptions = { decimal: 'point', magnitudes: 'words' };

/** A sign, a currency and its spaces are never longer. */
const MAX_PREFIX = 24;

/**
 * The numbers in the order of the text. Dates, times, ratios, ranges, versions and digits that are part of a name are no
 * numbers, and no part of them is read as one; the grammar stands in docs/scorers.md.
 */
export function readNumbers(text: string, options: NumberOptions = DEFAULTS): readonly NumberInText[] {
  const canonical = canonicalText(text);
  const numbers: NumberInText[] = [];
  let from = 0;
  for (let at = nextDigit(canonical, from); at !== -1; at = nextDigit(canonical, from)) {
    const start = startOf(canonical, at, from);
    const run = runAt(canonical, at);
    const read = readAt(canonical, { start, end: at + run.length }, options);
    numbers.push(...read.numbers);
    from = read.end;
  }
  return numbers;
}

function nextDigit(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (isDigit(text, at)) return at;
  return -1;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** `.5` starts at its point, unless the point ends a sentence or an ellipsis. */
function startOf(text: string, at: number, from: number): number {
  if (at === from || text[at - 1] !== '.') return at;
  return at - 1 === from || /[^\p{L}\p{N}.)\]]/u.test(text[at - 2] ?? '') ? at - 1 : at;
}

/** Digits with single separators between them; a space only before exactly three digits. */
function runAt(text: string, at: number): string {
  let end = at + 1;
  for (;;) {
    while (isDigit(text, end)) end += 1;
    const separator = text[end] ?? '';
    if (separator === '' || !isDigit(text, end + 1)) return text.slice(at, end);
    if (' \u00a0\u2007\u2009\u202f'.includes(separator)) {
      const isGroup = isDigit(text, end + 2) && isDigit(text, end + 3) && !isDigit(text, end + 4);
      if (!isGroup) return text.slice(at, end);
    } else if (!".,'’_".includes(separator)) return text.slice(at, end);
    end += 1;
  }
}

/** Where a run of digits stands. */
interface Place {
  readonly start: number;
  readonly end: number;
}

interface Read {
  readonly numbers: readonly NumberInText[];
  /** Where reading goes on. */
  readonly end: number;
}

function readAt(text: string, place: Place, options: NumberOptions): Read {
  const before = text.slice(Math.max(0, place.start - MAX_PREFIX), place.start);
  const groups = groupsOf(text, place, options.decimal);
  const [first] = groups;
  const date = dateEnd(text, place.end, before);
  if (date !== undefined) return { numbers: [], end: date };
  if (groups.length > 1 || first === undefined) {
    const end = joinedEnd(text, place.end) ?? place.end;
    const isPlain = end === place.end && !isName(before, text, place.end);
    return { numbers: isPlain ? groups.map((digits) => ({ value: toNumber(digits, 0), per: 1 })) : [], end };
  }
  const scaled = withSuffix(text, place.end, first, options);
  const per = percentAt(text, scaled.end);
  const end = afterCurrency(text, per.end);
  const joined = joinedEnd(text, end);
  if (joined !== undefined) return { numbers: [], end: joined };
  if (isName(before, text, scaled.end) || scaled.value === null) return { numbers: [], end };
  const prefix = PREFIX.exec(before);
  const isNegative =
    isMinus(before, prefix) || isAccountingNegative(text, place.start - (prefix?.[0].length ?? 0), end);
  return { numbers: [{ value: isNegative ? -scaled.value : scaled.value, per: per.per }], end };
}

function groupsOf(text: string, { start, end }: Place, decimal: DecimalMark): readonly Digits[] {
  if (text[start] !== '.') return readDigitGroups(text.slice(start, end), decimal);
  const fraction = text.slice(start + 1, end);
  return /^\d+$/u.test(fraction) ? [{ whole: '0', fraction }] : [];
}

function isName(before: string, text: string, end: number): boolean {
  const prefix = PREFIX.exec(before);
  const rest = before.slice(0, before.length - (prefix?.[0].length ?? 0));
  const sign = prefix?.groups?.['sign'];
  if (sign !== undefined && sign !== '+' ? NAME_BEFORE_SIGN.test(rest) : NAME_BEFORE.test(rest)) return true;
  return matchAt(NAME_AFTER, text, end) !== null;
}

function isMinus(before: string, prefix: RegExpExecArray | null): boolean {
  const { sign, inner } = prefix?.groups ?? {};
  const rest = before.slice(0, before.length - (prefix?.[0].length ?? 0));
  if (inner !== undefined && inner !== '+') return true;
  if (sign !== undefined && sign !== '+') return !NO_SIGN_AFTER.test(rest);
  return MINUS_WORD.test(rest);
}

/** Exponent, power of ten, fraction and magnitude; null = not a number, e.g. 2^10 or 1/0. */
function withSuffix(
  text: string,
  end: number,
  digits: Digits,
  { magnitudes }: NumberOptions,
): { readonly value: number | null; readonly end: number } {
  for (const pattern of [EXPONENT, TIMES_TEN]) {
    const power = matchAt(pattern, text, end)?.groups?.['power'];
    if (power !== undefined) return { value: finite(toNumber(digits, toPower(power))), end: pattern.lastIndex };
  }
  const power = matchAt(POWER, text, end)?.groups?.['power'];
  if (power !== undefined) {
    const isTen = digits.whole === '10' && digits.fraction === '';
    return { value: isTen ? finite(Number(`1e${toPower(power)}`)) : null, end: POWER.lastIndex };
  }
  const mixed = digits.fraction === '' ? matchAt(MIXED, text, end)?.groups : undefined;
  if (mixed !== undefined) {
    const share = Number(mixed['over']) / Number(mixed['under']);
    if (share < 1) return { value: finite(toNumber(digits, 0) + share), end: MIXED.lastIndex };
  }
  const under = matchAt(FRACTION, text, end)?.groups?.['under'];
  if (under !== undefined) return { value: finite(toNumber(digits, 0) / Number(under)), end: FRACTION.lastIndex };
  return withMagnitudes(text, end, digits, magnitudes);
}

function withMagnitudes(text: string, start: number, digits: Digits, magnitudes: NumberOptions['magnitudes']) {
  let [power, end] = [0, start];
  while (magnitudes !== 'none') {
    const magnitude = magnitudeAt(text, end, magnitudes === 'all');
    if (magnitude === null) break;
    power += magnitude.power;
    end = magnitude.end;
  }
  return { value: finite(toNumber(digits, power)), end };
}

function percentAt(text: string, at: number): { readonly per: NumberInText['per']; readonly end: number } {
  if (matchAt(PERCENT, text, at) !== null) return { per: 100, end: PERCENT.lastIndex };
  if (matchAt(PER_MILLE, text, at) !== null) return { per: 1000, end: PER_MILLE.lastIndex };
  return { per: 1, end: at };
}

function afterCurrency(text: string, at: number): number {
  return matchAt(CURRENCY_AFTER, text, at) === null ? at : CURRENCY_AFTER.lastIndex;
}

/** The end of a ratio, time, date or range that goes on here; undefined when none does. */
function joinedEnd(text: string, at: number): number | undefined {
  let end: number | undefined;
  for (let next = at; matchAt(JOINT, text, next) !== null; ) {
    const digits = JOINT.lastIndex;
    next = digits + runAt(text, digits).length;
    next = afterCurrency(text, percentAt(text, next).end);
    end = next;
  }
  return end;
}

/** The end of a date with its month in letters and a year; undefined when this is none. */
function dateEnd(text: string, at: number, before: string): number | undefined {
  if (matchAt(MONTH_AND_YEAR, text, at) !== null) return MONTH_AND_YEAR.lastIndex;
  if (MONTH_BEFORE.test(before) && matchAt(YEAR_AFTER, text, at) !== null) return YEAR_AFTER.lastIndex;
  return undefined;
}

/** Written out and read by the language, so that it is rounded once and correctly. */
function toNumber({ whole, fraction }: Digits, power: number): number {
  return Number(`${whole}.${fraction}e${power}`);
}

function toPower(written: string): number {
  return Number(written.replace(/[−–]/u, '-'));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
