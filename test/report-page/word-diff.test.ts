import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alignmentParts, nearestTarget, wordDiff } from '../../src/report-page/word-diff.ts';

test('names the words that are missing and those that are there instead', () => {
  expect(wordDiff('the big red bus', 'the red bus stops')).toEqual([
    ['same', 'the'],
    ['missing', 'big'],
    ['same', 'red bus'],
    ['extra', 'stops'],
  ]);
});

test('takes no notice of case and blanks', () => {
  expect(wordDiff('Forty Two', ' forty\n two ')).toEqual([['same', 'forty two']]);
});

test('gives up on texts that would make the page wait', () => {
  expect(wordDiff('a', 'word '.repeat(5000))).toBeNull();
});

test('shows the alignment of a scorer', () => {
  expect(
    alignmentParts([
      ['correct', 'turn'],
      ['substituted', 'on', 'off'],
      ['deleted', 'the'],
      ['inserted', 'light'],
    ]),
  ).toEqual([
    ['same', 'turn'],
    ['missing', 'on the'],
    ['extra', 'off light'],
  ]);
});

test('compares with the target that has most words in common', () => {
  expect(nearestTarget(['forty two', '42 EUR'], 'It is 42 EUR.')).toBe('42 EUR');
  expect(nearestTarget([], 'anything')).toBeNull();
});

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }).map((list) => list.join(' '));

test('all parts of an answer are the answer, and all parts of a target the target', () => {
  fc.assert(
    fc.property(words, words, (target, answer) => {
      const parts = wordDiff(target, answer) ?? [];
      const without = (kind: string) => parts.flatMap(([one, text]) => (one === kind ? [] : [text])).join(' ');

      expect(without('missing')).toBe(answer);
      expect(without('extra')).toBe(target);
    }),
  );
});
