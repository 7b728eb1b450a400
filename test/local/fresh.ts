/** Draws fresh sentences and words from seeds: none of them was seen when the recognisers were set up. */

import { readFileSync } from 'node:fs';
import type { Phrase } from '../../src/local/grammar.ts';

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** How often a part that may be left out is said. */
const MAYBE_SHARE = 0.4;

/** One sentence of a grammar. */
export function sentenceOf(phrase: Phrase, random: () => number): string {
  if (typeof phrase === 'string') return phrase;
  switch (phrase.type) {
    case 'all':
      return phrase.parts
        .map((part) => sentenceOf(part, random))
        .filter((words) => words !== '')
        .join(' ');
    case 'any':
      return sentenceOf(pick(phrase.parts, random), random);
    case 'maybe':
      return random() < MAYBE_SHARE ? sentenceOf(phrase.part, random) : '';
    case 'rule':
      return sentenceOf(phrase.part, random);
    default:
      return phrase satisfies never;
  }
}

const DICTIONARY = new URL('../../node_modules/soundswallower/model/en-us/dict.txt', import.meta.url);

/** The words that the speech recogniser knows how to pronounce. */
export function dictionaryWords(): readonly string[] {
  return readFileSync(DICTIONARY, 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((word) => word !== '');
}

/** Plain words and whole numbers in lines. */
export function wordLines(lines: number, wordsPerLine: number, random: () => number): readonly string[] {
  const words = dictionaryWords().filter((word) => /^[a-z]{3,9}$/.test(word));
  const draw = () => (random() < 0.2 ? String(Math.floor(10 + random() * 9990)) : pick(words, random));
  return Array.from({ length: lines }, () => Array.from({ length: wordsPerLine }, draw).join(' '));
}
