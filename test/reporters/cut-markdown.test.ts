import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinBlocks } from '../../src/reporters/cut-markdown.ts';

test('a small document is whole', () => {
  expect(joinBlocks(['# a', 'b'], 1000)).toBe('# a\n\nb\n');
});

test('sections that do not fit are left out, and the document says so', () => {
  const long = Array.from({ length: 100 }, (_, row) => `| row ${row} |`).join('\n');

  const text = joinBlocks(['# head', long, 'tail'], 600);

  expect(text).toContain('| row 0 |');
  expect(text).not.toContain('| row 99 |');
  expect(text).toContain("*Cut: this section and 1 more are in the run's folder.*");
});

test('the limit holds for any text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 400 })),
      fc.integer({ min: 300, max: 2000 }),
      (blocks, bytes) => {
        expect(Buffer.byteLength(joinBlocks(blocks, bytes))).toBeLessThanOrEqual(bytes);
      },
    ),
  );
});
