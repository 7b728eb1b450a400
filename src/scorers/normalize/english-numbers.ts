/** Writes English spoken numbers as digits, as Whisper's English normaliser does. */

import { NUMBER_WORDS, type NumberWord } from './number-words.ts';

const CURRENCY_OR_SIGN = /^[-+£€$¢]/u;
const ARABIC = /^\d+(?:\.\d+)?$/u;

/**
 * `two hundred and five dollars` becomes `$205`, `nineteen ninety nine` 1999, `double oh seven` 007, `thirty first`
 * 31st; a lone 1 becomes `one` again. Expects lower case without commas between digits
 * (openai/whisper `EnglishNumberNormalizer`; unusual input is read in the same way).
 */
export function englishNumbers(text: string): string {
  const words = separated(withHalves(text))
    .split(/\s+/u)
    .filter((word) => word !== '');
  return tidied(readNumbers(words).join(' '));
}

/** `two and a half` becomes `two point five`; after any other word it stays. */
function withHalves(text: string): string {
  const segments = text.split(/\band\s+a\s+half\b/u);
  return segments
    .flatMap((segment, index) => {
      if (segment.trim() === '') return [];
      if (index === segments.length - 1) return [segment];
      const word = NUMBER_WORDS.get(segment.trim().split(/\s+/u).at(-1) ?? '');
      return [segment, isPlainNumber(word) ? 'point five' : 'and a half'];
    })
    .join(' ');
}

/** Puts a space between letters and digits, except before the ending of an ordinal or plural. */
function separated(text: string): string {
  return text
    .replace(/([a-z])([0-9])/gu, '$1 $2')
    .replace(/([0-9])([a-z])/gu, '$1 $2')
    .replace(/([0-9])\s+(st|nd|rd|th|s)(?![\p{L}\p{N}_])/gu, '$1$2');
}

/** Joins dollars and cents, writes amounts below one in cents, and writes a lone 1 as a word. */
function tidied(text: string): string {
  return text
    .replace(
      /([€£$])([0-9]+) (?:and )?¢([0-9]{1,2})(?![\p{L}\p{N}_])/gu,
      (_, currency: string, whole: string, cents: string) => `${currency}${whole}.${cents.padStart(2, '0')}`,
    )
    .replace(/[€£$]0.([0-9]{1,2})(?![\p{L}\p{N}_])/gu, (_, cents: string) => `¢${Number(cents)}`)
    .replace(/(?<![\p{L}\p{N}_])1(s?)(?![\p{L}\p{N}_])/gu, 'one$1');
}

/** The number read so far: a bigint while it is one number, text once digits are only concatenated (`19` `99`, `2.`). */
type Pending = bigint | string | null;

interface Reading {
  readonly written: string[];
  pending: Pending;
  /** Sign or currency to write before the number. */
  prefix: string;
}

function readNumbers(words: readonly string[]): readonly string[] {
  const reading: Reading = { written: [], pending: null, prefix: '' };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const number = NUMBER_WORDS.get(word);
    const previous = NUMBER_WORDS.get(words[index - 1] ?? '');
    const next = words[index + 1] ?? '';
    if (ARABIC.test(word.replace(CURRENCY_OR_SIGN, ''))) readArabic(reading, word);
    else if (number === undefined) flushAnd(reading, word);
    else if (number.kind === 'zero') reading.pending = `${digitsOf(reading.pending)}0`;
    else if ('value' in number) readValue(reading, number, previous);
    else if (readModifier(reading, word, number, previous, next)) index += 1;
  }
  flush(reading);
  return reading.written;
}

function write(reading: Reading, text: string): void {
  reading.written.push(reading.prefix + text);
  reading.pending = null;
  reading.prefix = '';
}

function flush(reading: Reading): void {
  if (reading.pending !== null) write(reading, String(reading.pending));
}

function flushAnd(reading: Reading, word: string): void {
  flush(reading);
  write(reading, word);
}

/** The number 0 is concatenated as nothing; only a spoken zero keeps its digit. */
function digitsOf(pending: Pending): string {
  return pending === null || pending === 0n ? '' : String(pending);
}

function readArabic(reading: Reading, word: string): void {
  if (typeof reading.pending === 'string' && reading.pending.endsWith('.')) {
    reading.pending += word;
    return;
  }
  flush(reading);
  const digits = word.replace(CURRENCY_OR_SIGN, '');
  if (digits !== word) reading.prefix = word.slice(0, 1);
  const [whole = '', fraction = ''] = digits.split('.');
  reading.pending = /^0*$/u.test(fraction) ? BigInt(whole) : digits;
}

type ValueWord = Extract<NumberWord, { readonly value: bigint }>;

function readValue(reading: Reading, word: ValueWord, previous: NumberWord | undefined): void {
  if (word.kind === 'multiplier') multiply(reading, word.value);
  else reading.pending = append(reading.pending, word, previous);
  if (word.suffix !== '') write(reading, `${reading.pending}${word.suffix}`);
}

/** Adds where English adds (`twenty` `one`, `two hundred` `nineteen`), otherwise concatenates (`nineteen` `ninety`). */
function append(pending: Pending, { kind, value }: ValueWord, previous: NumberWord | undefined): bigint | string {
  if (pending === null) return value;
  const digit = kind === 'ones' && value < 10n;
  if (typeof pending === 'string')
    return digit && isPlain(previous, 'tens') ? `${pending.slice(0, -1)}${value}` : `${pending}${value}`;
  if (kind === 'ones' && isPlain(previous, 'ones')) return `${pending}${value}`;
  return pending % (digit ? 10n : 100n) === 0n ? pending + value : `${pending}${value}`;
}

/** `two hundred thousand`: the last three digits are multiplied; `2.5 million`: the whole number is, if the product is an integer. */
function multiply(reading: Reading, multiplier: bigint): void {
  const { pending } = reading;
  if (pending === null) reading.pending = multiplier;
  else if (typeof pending === 'bigint') reading.pending = pending - (pending % 1000n) + (pending % 1000n) * multiplier;
  else {
    const product = exactProduct(pending, multiplier);
    if (product === null) write(reading, pending);
    reading.pending = product ?? multiplier;
  }
}

/** No spoken number is longer. Without this bound the time would grow with the square of the length. */
const MAX_DIGITS = 100;

/** null unless the text is one decimal number and the product an integer. */
function exactProduct(decimal: string, multiplier: bigint): bigint | null {
  if (decimal.length > MAX_DIGITS || !/^(?:\d+\.?\d*|\.\d+)$/u.test(decimal)) return null;
  const [whole = '', fraction = ''] = decimal.split('.');
  const scale = 10n ** BigInt(fraction.length);
  const product = BigInt(whole + fraction) * multiplier;
  return product % scale === 0n ? product / scale : null;
}

type Modifier = Exclude<NumberWord, ValueWord | { readonly kind: 'zero' }>;

/** Returns true when the next word was read as well. */
function readModifier(
  reading: Reading,
  word: string,
  modifier: Modifier,
  previous: NumberWord | undefined,
  next: string,
): boolean {
  const nextWord = NUMBER_WORDS.get(next);
  const nextIsNumber = nextWord !== undefined || ARABIC.test(next);
  const { pending } = reading;
  switch (modifier.kind) {
    case 'sign':
      flush(reading);
      if (nextIsNumber) reading.prefix = modifier.symbol;
      else write(reading, word);
      return false;
    case 'currency':
      if (pending === null) write(reading, word);
      else {
        reading.prefix = modifier.symbol;
        flush(reading);
      }
      return false;
    case 'percent':
      write(reading, pending === null ? word : `${pending}%`);
      return false;
    case 'per':
      if (pending === null || next !== 'cent') flushAnd(reading, word);
      else write(reading, `${pending}%`);
      return pending !== null && next === 'cent';
    case 'and':
      if (!(nextIsNumber && isPlain(previous, 'multiplier'))) flushAnd(reading, word);
      return false;
    case 'point':
      if (!nextIsNumber) flushAnd(reading, word);
      else if (ARABIC.test(next) || isDigitWord(nextWord)) reading.pending = `${digitsOf(pending)}.`;
      return false;
    case 'repeat': {
      if (nextWord?.kind !== 'zero' && !isPlain(nextWord, 'ones')) {
        flushAnd(reading, word);
        return false;
      }
      const digit = nextWord?.kind === 'ones' ? nextWord.value : 0n;
      reading.pending = digitsOf(pending) + String(digit).repeat(modifier.times);
      return true;
    }
    default:
      return modifier satisfies never;
  }
}

function isPlain(word: NumberWord | undefined, kind: ValueWord['kind']): boolean {
  return word !== undefined && word.kind === kind && 'suffix' in word && word.suffix === '';
}

function isDigitWord(word: NumberWord | undefined): boolean {
  return word?.kind === 'zero' || isPlain(word, 'ones') || isPlain(word, 'tens');
}

function isPlainNumber(word: NumberWord | undefined): boolean {
  return isDigitWord(word) || isPlain(word, 'multiplier');
}
