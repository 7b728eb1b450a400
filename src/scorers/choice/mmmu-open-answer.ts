/** Reads open answers as MMMU's script does. */

import { pythonFloat, pythonRound2 } from '../numbers/python-float.ts';

const INDICATORS = ['could be ', 'so ', 'is ', 'thus ', 'therefore ', 'final ', 'answer ', 'result '];

/** Numbers in two decimals; other texts in lower case, single letters with a space before or after. */
export function mmmuNormalize(text: string): readonly (string | number)[] {
  const trimmed = text.trim();
  const number = pythonFloat(trimmed.replaceAll(',', ''));
  if (number !== undefined) return [Number.isFinite(number) ? pythonRound2(number) : number];
  const lower = trimmed.toLowerCase();
  return [...lower].length === 1 ? [` ${lower}`, `${lower} `] : [lower];
}

/** The key phrases of an answer and the numbers in them. */
export function mmmuPredictions(answer: string): readonly (string | number)[] {
  const phrases = keyPhrases(answer);
  return [...phrases, ...phrases.flatMap(numbersIn)].flatMap(mmmuNormalize);
}

/** Of each line what follows its last indicator, the shortest of them; the whole answer when no line has one. */
function keyPhrases(answer: string): readonly string[] {
  const response = withoutPoints(answer.trim()).toLowerCase();
  const lines = response.split('\n');
  const phrases = lines.flatMap((line, index) => {
    const indicators = index === lines.length - 1 ? [...INDICATORS, '='] : INDICATORS;
    const tails = indicators
      .filter((indicator) => line.includes(indicator))
      .map((indicator) => line.slice(line.lastIndexOf(indicator) + indicator.length).trim());
    const shortest = tails.reduce<string>((best, tail) => (best === '' || tail.length < best.length ? tail : best), '');
    return shortest === '' || /^[:,.!?;']$/u.test(shortest) ? [] : [shortest];
  });
  return phrases.length > 0 ? phrases : [response];
}

function withoutPoints(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === '.') start += 1;
  while (end > start && text[end - 1] === '.') end -= 1;
  return text.slice(start, end);
}

/** No number has more digits; without a bound, long runs would take quadratic time. */
const DIGITS = '\\d{1,320}';
const GROUPED = /-?(?<![\p{L}\p{N}_])\d{1,3}(?:,\d{3})+(?![\p{L}\p{N}_])/gu;
const SCIENTIFIC = new RegExp(`-?${DIGITS}(?:\\.${DIGITS})?[eE][+-]?${DIGITS}`, 'gu');
const SIMPLE = new RegExp(
  `-?(?:${DIGITS}\\.${DIGITS}|\\.${DIGITS}|${DIGITS}(?![\\p{L}\\p{N}_]))(?![eE][+-]?\\d)(?![,\\d])`,
  'gu',
);

function numbersIn(phrase: string): readonly string[] {
  return [GROUPED, SCIENTIFIC, SIMPLE].flatMap((pattern) => phrase.match(pattern) ?? []);
}
