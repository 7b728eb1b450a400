/** The patterns around the digits of a number: signs, currencies, exponents, percent, magnitudes, dates, ranges. */

import { GROUP_SPACE } from './digit-groups.ts';

const SIGN = '[-−–+]';

const CODES =
  'AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KRW|MXN|MYR|NOK|NZD|PHP|PLN|RMB|RON|RUB|SEK|SGD|' +
  'THB|TRY|TWD|UAH|USD|VND|ZAR|Rs\\.?|kr\\.?';
const CURRENCY = `(?:(?:\\b(?:US|CA|C|AU|A|NZ|HK|SG|S|R|NT|MX))?\\p{Sc}|(?<![\\p{L}\\p{N}_])(?:${CODES}))`;

/** What may stand right before the digits: a sign, a currency, a sign between both. Always matches. */
export const PREFIX = new RegExp(`(?<sign>${SIGN})?(?:${CURRENCY}${GROUP_SPACE}?(?<inner>${SIGN})?)?$`, 'u');

/** `minus 5`, but not `8 minus 5`. */
export const MINUS_WORD = /(?<!\d\s?)(?<![\p{L}\p{N}])(?:minus|negative)\s$/iu;

/** Digits after these continue a name, an index, a power or a path: `RC232`, `COVID-19`, `x_1`, `√2`, `a/5`. */
export const NAME_BEFORE = /(?:[\p{Lu}\p{Ll}]|[\p{L}\p{N}]_|[\^√]|\d|[\p{L}\p{N}]\/)$/u;
/** As `NAME_BEFORE`, before a sign. A dash after a dash is no sign. */
export const NAME_BEFORE_SIGN = /[\p{Lu}\p{Ll}\p{N}]$/u;
export const NO_SIGN_AFTER = /[\p{L}\p{N})\]\-−–—]$/u;

export const EXPONENT = /[eE](?<power>[-−+]?\d+)(?![\p{L}\p{N}])/uy;
export const TIMES_TEN = /\s?[×xX*·⋅]\s?10\s?\^\s?\(?(?<power>[-−–+]?\d+)\)?/uy;
export const POWER = /\^\(?(?<power>[-−–+]?\d+)\)?/uy;
export const MIXED = / (?<over>\d+)\/(?<under>\d+)(?![\d/]|[.,]\d)/uy;
export const FRACTION = /\s?\/\s?(?<under>\d+(?:\.\d+)?)(?![\d/])/uy;
export const PERCENT = /\s?(?:%|per\s?cent(?!\p{L})|pct(?!\p{L}))/iuy;
export const PER_MILLE = /\s?(?:‰|per\s?mille(?!\p{L}))/iuy;
export const CURRENCY_AFTER = new RegExp(`${GROUP_SPACE}?(?:\\p{Sc}|(?:${CODES})(?![\\p{L}\\p{N}]))`, 'uy');

/** Letters with digits behind them: `0x1F`, `3D5`. */
export const NAME_AFTER = /[\p{Lu}\p{Ll}]+\d/uy;

/** Joins the digits before and after it into a ratio, time, date, range or size, none of which is a number. */
export const JOINT = new RegExp(`(?:[-−–—~:/]|\\.{2,3}|…| – | : )(?:${CURRENCY}${GROUP_SPACE}?)?(?=\\d)`, 'uy');

const MONTHS =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|' +
  'dec(?:ember)?';
/** `5 January 2020`, from behind the day. */
export const MONTH_AND_YEAR = new RegExp(`(?:st|nd|rd|th)?,? (?:of )?(?:${MONTHS})\\.?,? \\d{4}(?!\\d)`, 'iuy');
/** `January 5, 2020`: the month before the day, and what follows the day. */
export const MONTH_BEFORE = new RegExp(`(?<!\\p{L})(?:${MONTHS})\\.? $`, 'iu');
export const YEAR_AFTER = /(?:st|nd|rd|th)?,? \d{4}(?!\d)/uy;

/** Powers of ten. */
const MAGNITUDE_WORDS: Readonly<Record<string, number>> = {
  hundred: 2,
  thousand: 3,
  lakh: 5,
  million: 6,
  crore: 7,
  billion: 9,
  bn: 9,
  trillion: 12,
  tn: 12,
};
const MAGNITUDE_LETTERS: Readonly<Record<string, number>> = {
  k: 3,
  K: 3,
  M: 6,
  mn: 6,
  mio: 6,
  B: 9,
  T: 12,
};
const WORD = new RegExp(`[ -]?(${Object.keys(MAGNITUDE_WORDS).join('|')})(?!\\p{L})`, 'iuy');
const LETTER = new RegExp(`\\s?(${Object.keys(MAGNITUDE_LETTERS).join('|')})(?![\\p{L}\\p{N}])`, 'uy');

/** The magnitude at a position of the text: its power of ten and its length. */
export function magnitudeAt(text: string, at: number, isAbbreviated: boolean): { power: number; end: number } | null {
  const word = matchAt(WORD, text, at);
  if (word !== null) return { power: MAGNITUDE_WORDS[(word[1] ?? '').toLowerCase()] ?? 0, end: WORD.lastIndex };
  const letter = isAbbreviated ? matchAt(LETTER, text, at) : null;
  return letter && { power: MAGNITUDE_LETTERS[letter[1] ?? ''] ?? 0, end: LETTER.lastIndex };
}

/** Matches a sticky pattern at a position; the end of the match is then its `lastIndex`. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
