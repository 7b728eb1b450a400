/** The English words for numbers. */

/** The meaning of a word within a spoken number. */
export type NumberWord =
  | { readonly kind: 'zero' }
  | {
      /** `ones` covers one to nineteen. */
      readonly kind: 'ones' | 'tens' | 'multiplier';
      readonly value: bigint;
      /** `s` or the ordinal's ending; empty for the plain word. A word with a suffix ends the number. */
      readonly suffix: string;
    }
  | { readonly kind: 'sign' | 'currency'; readonly symbol: string }
  | { readonly kind: 'repeat'; readonly times: number }
  | { readonly kind: 'percent' | 'per' | 'and' | 'point' };

const ONES =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety';
/** Short scale: each is a thousand times the one before. */
const THOUSANDS =
  'thousand million billion trillion quadrillion quintillion sextillion septillion octillion nonillion decillion';

const IRREGULAR_PLURALS: Readonly<Record<string, string>> = { six: 'sixes' };
const IRREGULAR_ORDINALS: Readonly<Record<string, readonly [word: string, suffix: string]>> = {
  one: ['first', 'st'],
  two: ['second', 'nd'],
  three: ['third', 'rd'],
  five: ['fifth', 'th'],
  twelve: ['twelfth', 'th'],
};

/** All words that can be part of a spoken number. */
export const NUMBER_WORDS: ReadonlyMap<string, NumberWord> = new Map<string, NumberWord>([
  ...['o', 'oh', 'zero'].map((word) => [word, { kind: 'zero' }] as const),
  ['zeroth', { kind: 'ones', value: 0n, suffix: 'th' }],
  ...ONES.split(' ').flatMap((word, index) => forms('ones', word, BigInt(index + 1))),
  ...TENS.split(' ').flatMap((word, index) => forms('tens', word, BigInt(10 * (index + 2)))),
  ...forms('multiplier', 'hundred', 100n),
  ...THOUSANDS.split(' ').flatMap((word, index) => forms('multiplier', word, 1000n ** BigInt(index + 1))),
  ...['minus', 'negative'].map((word) => [word, { kind: 'sign', symbol: '-' }] as const),
  ...['plus', 'positive'].map((word) => [word, { kind: 'sign', symbol: '+' }] as const),
  ...['pound', 'pounds'].map((word) => [word, { kind: 'currency', symbol: '£' }] as const),
  ...['euro', 'euros'].map((word) => [word, { kind: 'currency', symbol: '€' }] as const),
  ...['dollar', 'dollars'].map((word) => [word, { kind: 'currency', symbol: '$' }] as const),
  ...['cent', 'cents'].map((word) => [word, { kind: 'currency', symbol: '¢' }] as const),
  ['percent', { kind: 'percent' }],
  ['per', { kind: 'per' }],
  ['and', { kind: 'and' }],
  ['point', { kind: 'point' }],
  ['double', { kind: 'repeat', times: 2 }],
  ['triple', { kind: 'repeat', times: 3 }],
]);

/** The word itself, its plural and its ordinal. */
function forms(kind: 'ones' | 'tens' | 'multiplier', word: string, value: bigint): readonly [string, NumberWord][] {
  const [ordinal, suffix] = IRREGULAR_ORDINALS[word] ?? [regularOrdinal(word), 'th'];
  const plural = IRREGULAR_PLURALS[word] ?? (word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`);
  return [
    [word, { kind, value, suffix: '' }],
    [plural, { kind, value, suffix: 's' }],
    [ordinal, { kind, value, suffix }],
  ];
}

/** Like Whisper, spells `nineth` instead of `ninth`, so that `ninth` stays a word. */
function regularOrdinal(word: string): string {
  if (word.endsWith('y')) return `${word.slice(0, -1)}ieth`;
  return word.endsWith('t') ? `${word}h` : `${word}th`;
}
