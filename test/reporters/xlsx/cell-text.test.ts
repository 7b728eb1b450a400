import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeCellText, fitCellText, MAX_CELL_LENGTH } from '../../../src/reporters/xlsx/cell-text.ts';

/** As ECMA-376 says: entities of XML, then each `_xHHHH_` from left to right. */
function read(xml: string): string {
  return xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/_[xX]([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom('_', 'x', 'X', '0041', '_x0041_', '_x0041', 'x005F_', '\u0000', '\r', '\n', '\t', '&', '<', ']]>'),
    fc.constantFrom('\ud800', '\udc00', '😀', '\ufffe', '\uffff', '\u001b[2J', '\u202e', '&#x41;', '&amp;'),
    fc.string(),
  ),
);

describe('escapeCellText', () => {
  test('is undone by reading it as the standard says, for any text', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        expect(read(escapeCellText(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('holds only characters of XML 1.0, and no markup', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const xml = escapeCellText(parts.join(''));
        expect(xml).toMatch(/^[\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
        expect(xml).not.toMatch(/[<>"]/);
      }),
    );
  });

  test.each([
    ['plain _x text_', 'plain _x text_'],
    ['a\rb', 'a_x000D_b'],
    ['_x0041_', '_x005F_x0041_'],
    ['_x0041\u0001', '_x005F_x0041_x0001_'],
    ['\ud83d!', '_xD83D_!'],
    ['<b> & "', '&lt;b&gt; &amp; &quot;'],
  ])('writes %j as %j', (text, xml) => {
    expect(escapeCellText(text)).toBe(xml);
  });
});

describe('fitCellText', () => {
  test('leaves the longest text of a cell as it is', () => {
    const text = 'x'.repeat(MAX_CELL_LENGTH);

    expect(fitCellText(text)).toBe(text);
  });

  test('cuts one character more, and says how long it was and where it is whole', () => {
    const cut = fitCellText('x'.repeat(MAX_CELL_LENGTH + 1));

    expect(cut).toHaveLength(MAX_CELL_LENGTH);
    expect(cut).toMatch(/^x+ … \[cut: the journal has all 32768 characters\]$/u);
  });

  test('never cuts a surrogate pair in two', () => {
    for (const before of ['', 'x']) {
      const cut = fitCellText(before + '😀'.repeat(20_000));

      expect(cut.length).toBeLessThanOrEqual(MAX_CELL_LENGTH);
      expect(cut).not.toMatch(/\p{Surrogate}/u);
    }
  });
});
