import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COMMAND, type Phrase, toJsgf, wordsOf } from '../../src/local/grammar.ts';
import { dictionaryWords, seeded, sentenceOf } from './fresh.ts';

test('every word of the grammar is in the dictionary of the recogniser', () => {
  const known = new Set(dictionaryWords());
  expect(known.size).toBeGreaterThan(100_000);
  expect(wordsOf(COMMAND).filter((word) => !known.has(word))).toEqual([]);
});

test('every sentence is made of the grammar’s words', () => {
  const known = new Set(wordsOf(COMMAND));
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const words = sentenceOf(COMMAND, seeded(seed)).split(' ');
      expect(words.filter((word) => !known.has(word))).toEqual([]);
    }),
  );
});

test('the grammar is far wider than a list of sentences', () => {
  const random = seeded(1);
  const sentences = new Set(Array.from({ length: 2000 }, () => sentenceOf(COMMAND, random)));
  expect(sentences.size).toBeGreaterThan(1500);
});

test('every rule that the JSGF names is defined before it is used, once', () => {
  const lines = toJsgf(COMMAND).split('\n');
  const defined: string[] = [];
  for (const line of lines.slice(2)) {
    const [, name, body = ''] = /^(?:public )?<(\w+)> = (.*);$/.exec(line) ?? [];
    for (const [, used] of body.matchAll(/<(\w+)>/g)) expect(defined).toContain(used);
    if (name !== undefined) defined.push(name);
  }
  expect(new Set(defined).size).toBe(defined.length);
  expect(defined).toContain('sentence');
});

test('renders sequences, choices, options and rules as JSGF', () => {
  const colour: Phrase = { type: 'rule', name: 'colour', part: { type: 'any', parts: ['red', 'dark blue'] } };
  const phrase: Phrase = { type: 'all', parts: ['paint it', colour, { type: 'maybe', part: 'please' }] };
  expect(toJsgf(phrase)).toBe(
    [
      '#JSGF V1.0;',
      'grammar household;',
      '<colour> = ( red | dark blue );',
      'public <sentence> = paint it <colour> [ please ];',
      '',
    ].join('\n'),
  );
  expect(wordsOf(phrase)).toEqual(['blue', 'dark', 'it', 'paint', 'please', 'red']);
});
