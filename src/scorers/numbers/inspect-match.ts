/** Matches numbers as Inspect's `match(numeric=True)` does, whose readings differ from ours. */

import { inspectNumber } from './inspect-number.ts';
import { pythonFloat } from './python-float.ts';

/** Where the answer must match; `only` is Inspect's `exact`. */
export type InspectLocation = 'first' | 'last' | 'any' | 'only';

const TOKEN_EDGES = /^[!?:;()[\]{}'"`~<=>@#^&|]+|[!?:;()[\]{}'"`~<=>@#^&|]+$/gu;
const EDGE_PUNCTUATION = /^[\s!-/:-@[-`{-~]+|[\s!-/:-@[-`{-~]+$/gu;

/**
 * Currency signs, commas, asterisks and underscores are dropped; words are separated by white space and are numbers as
 * a whole or not at all; numbers are compared in five digits. A target that is no number is compared as text.
 */
export function inspectMatch(answer: string, target: string, location: InspectLocation): boolean {
  const wanted = withoutNumberSigns(target.trim().toLowerCase());
  const number = parse(wanted);
  if (number === undefined) return isTextMatch(answer.trim().toLowerCase(), wanted, location);
  const text = withoutNumberSigns(answer.trim().toLowerCase());
  const fixed = fiveDigits(number);
  if (location === 'only') return fiveDigitsOf(text) === fixed;
  const numbers = text.split(/\s+/u).flatMap((word) => token(word) ?? []);
  if (location === 'any') return numbers.some((one) => fiveDigits(one) === fixed);
  const one = numbers.at(location === 'first' ? 0 : -1);
  return one !== undefined && fiveDigits(one) === fixed;
}

function isTextMatch(answer: string, target: string, location: InspectLocation): boolean {
  const [text, wanted] = [answer.replace(EDGE_PUNCTUATION, ''), target.replace(EDGE_PUNCTUATION, '')];
  if (location === 'first') return text.startsWith(wanted);
  if (location === 'last') return text.endsWith(wanted);
  return location === 'only' ? text === wanted : text.includes(wanted);
}

function withoutNumberSigns(text: string): string {
  return text.replace(/[$,£€*_]/gu, '').replace(/\.(?=\s|$|\D)/gu, '');
}

function parse(text: string): number | undefined {
  return [pythonFloat, inspectNumber].map((read) => read(text)).find((value) => Number.isFinite(value));
}

function token(word: string): number | undefined {
  const bare = word.replace(TOKEN_EDGES, '');
  return parse(bare) ?? parse(word);
}

function fiveDigitsOf(text: string): string | undefined {
  const number = parse(text);
  return number === undefined ? undefined : fiveDigits(number);
}

/** Python's `format(number, '.5g')` up to the way it is written: exact ties go to the even digit. */
function fiveDigits(number: number): string {
  const exact = number.toExponential(99);
  const digits = exact.replace(/^-?(\d)\.(\d+)e.*$/u, '$1$2');
  const isTie = /^50*$/u.test(digits.slice(5));
  if (!isTie) return number.toExponential(4);
  const isEven = Number(digits[4]) % 2 === 0;
  return isEven ? exact.replace(/^(-?\d\.\d{4})\d*/u, '$1') : number.toExponential(4);
}
