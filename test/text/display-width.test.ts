import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayWidth, fitMiddle, fitWidth, padWidth } from '../../src/text/display-width.ts';
import { escapeTerminal } from '../../src/text/escape-terminal.ts';

test.each([
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['音声', 4],
  ['ＡＢ', 4],
  ['한국', 4],
  ['👩‍👩‍👧', 2],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['\u200b', 0],
  ['𠀀', 2],
  ['क्षि', 2],
  ['ﾊﾞ', 2],
  ['☺', 1],
  ['☺️', 2],
  ['…●━·', 4],
])('%j takes %d columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('text that was cut ends with an ellipsis and never in half a wide character', () => {
  expect(fitWidth('音声モデル', 5)).toBe('音声…');
  expect(fitWidth('音声モデル', 6)).toBe('音声…');
  expect(fitWidth('abc', 3)).toBe('abc');
});

test('text that was cut in the middle keeps both ends', () => {
  expect(fitMiddle('phi-4-multimodal-2025-11', 12)).toBe('phi-4-…25-11');
  expect(fitMiddle('音声モデル甲', 8)).toBe('音声…甲');
  expect(fitMiddle('abc', 3)).toBe('abc');
});

test('fitted and padded text takes exactly its width or one column less', () => {
  const text = fc.string({ unit: 'grapheme' }).map(escapeTerminal);
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), fc.constantFrom('left', 'right'), (raw, width, align) => {
      expect(displayWidth(fitWidth(raw, width))).toBeLessThanOrEqual(width);
      expect(displayWidth(fitMiddle(raw, width))).toBeLessThanOrEqual(width);
      expect(displayWidth(padWidth(fitWidth(raw, width), width, align))).toBe(width);
    }),
  );
});

test.each([
  ['\u001b[31mred', '\\x1b[31mred'],
  ['bell\u0007', 'bell\\x07'],
  ['back\b', 'back\\b'],
  ['a\r\n\tb', 'a\\r\\n\\tb'],
  ['c1 \u009b31m', 'c1 \\x9b31m'],
  ['del\u007f', 'del\\x7f'],
  ['\u202egpj.exe', '\\u202egpj.exe'],
  ['\u2066x\u2069', '\\u2066x\\u2069'],
  ['line\u2028', 'line\\u2028'],
  ['plain é音👍', 'plain é音👍'],
])('shows %j as %s', (text, shown) => {
  expect(escapeTerminal(text)).toBe(shown);
});

test('leaves no character that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeTerminal(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test('cutting reads no further than the width', () => {
  const iterator = Object.getPrototypeOf(new Intl.Segmenter().segment('')[Symbol.iterator]()) as {
    next: () => unknown;
  };
  const { next } = iterator;
  let steps = 0;
  iterator.next = function counted(this: unknown) {
    steps += 1;
    return next.call(this);
  };
  try {
    expect(fitWidth('音'.repeat(5000), 9)).toBe('音音音音…');
  } finally {
    iterator.next = next;
  }
  expect(steps).toBeLessThan(50);
});
