import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayWidth } from '../../src/text/display-width.ts';
import { wrapText } from '../../src/text/wrap-text.ts';

test('breaks at blanks and indents what follows', () => {
  expect(wrapText('one two three four', 9)).toEqual(['one two', '  three', '  four']);
  expect(wrapText('one two', 7)).toEqual(['one two']);
});

test('measures columns, not characters', () => {
  expect(wrapText('音声 認識', 8)).toEqual(['音声', '  認識']);
  expect(wrapText('音声 認識', 9)).toEqual(['音声 認識']);
});

test('a word that is wider than the width keeps a line to itself', () => {
  expect(wrapText('a very-long-word b', 6)).toEqual(['a', '  very-long-word', '  b']);
});

test('loses no word, and breaks only where it must', () => {
  const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 4, max: 30 }), (list, width) => {
      const text = list.map((word) => word.replace(/\s/gu, '_')).join(' ');
      const lines = wrapText(text, width);
      expect(lines.map((line, index) => (index === 0 ? line : line.slice(2))).join(' ')).toBe(text);
      for (const line of lines) if (line.trim().includes(' ')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
});
