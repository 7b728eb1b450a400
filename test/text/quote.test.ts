import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote } from '../../src/text/quote.ts';

test.each([
  ['plain', '"plain"'],
  ['say "hi" \\', '"say "hi" \\"'],
  ['red \u001b[31m', '"red \\u001b[31m"'],
  ['a\nb\tc', '"a\\u000ab\\u0009c"'],
  ['evil\u202egpj', '"evil\\u202egpj"'],
  ['日本 é 😀', '"日本 é 😀"'],
  ['x'.repeat(100), `"${'x'.repeat(79)}…"`],
])('shows %j', (text, shown) => {
  expect(quote(text)).toBe(shown);
});

test('never lets a control character, a line end or half a character through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(quote(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});
