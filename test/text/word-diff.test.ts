import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordDiff } from '../../src/text/word-diff.ts';

test('names the words that only one text has', () => {
  expect(wordDiff('the total is 42 EUR', 'the total is 24 EUR')).toEqual([
    { kind: 'same', text: 'the total is ' },
    { kind: 'removed', text: '42' },
    { kind: 'added', text: '24' },
    { kind: 'same', text: ' EUR' },
  ]);
});

test('is one part for equal texts, and none for empty ones', () => {
  expect(wordDiff('a b', 'a b')).toEqual([{ kind: 'same', text: 'a b' }]);
  expect(wordDiff('', '')).toEqual([]);
});

test('takes the middle of very long texts as changed', () => {
  const words = (word: string) => `start ${`${word} `.repeat(3000)}end`;
  expect(wordDiff(words('a'), words('b')).map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same']);
});

test('without its additions it is the first text, without what was removed the second', () => {
  const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', 'é', '😀', '.')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const parts = wordDiff(before, after);
      const without = (kind: string) => parts.filter((part) => part.kind !== kind).map((part) => part.text);
      expect(without('added').join('')).toBe(before);
      expect(without('removed').join('')).toBe(after);
    }),
  );
});
