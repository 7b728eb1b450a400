import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellFinder, cellPositions, lastCell } from '../../src/dataset/cell-positions.ts';

const COMMAS = { delimiter: ',', isQuoted: true };

/** Cells as they may be written: with line ends, separators, doubled and stray quotes, and characters of several bytes. */
const written = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '""', ',', '\n', 'é', '😀'), maxLength: 6 }).map((text) => `"${text}"`),
  fc.string({ unit: fc.constantFrom('b', '"', ' ', 'ü', '😀'), maxLength: 5 }).filter((text) => !text.startsWith('"')),
);

test('a cell is where its text is found in the file', () => {
  fc.assert(
    fc.property(fc.array(written, { minLength: 1, maxLength: 6 }), fc.nat(1000), (cells, before) => {
      const text = cells.join(',');
      const positions = cellPositions({ line: before + 1, bytes: Buffer.from(text) }, COMMAS);

      expect(positions).toHaveLength(cells.length);
      const lines = text.split('\n');
      for (const [index, { line, column }] of positions.entries()) {
        const rest = [lines[line - before - 1]?.slice(column - 1), ...lines.slice(line - before)].join('\n');
        expect(rest).toBe(cells.slice(index).join(','));
      }
    }),
  );
});

test('quotes are characters where they enclose no cells', () => {
  const record = { line: 3, bytes: Buffer.from('"a\tb"\tc') };

  expect(cellPositions(record, { delimiter: '\t', isQuoted: false }).map(({ column }) => column)).toEqual([1, 4, 7]);
});

test('the last cell of a line with a bad quote is the one of that quote', () => {
  expect(lastCell({ line: 5, bytes: Buffer.from('a,"b",c,"open, x,y') }, COMMAS)).toEqual({ line: 5, column: 9 });
  expect(lastCell({ line: 5, bytes: Buffer.from('é,"two\nlines","x"y,z') }, COMMAS)).toEqual({ line: 6, column: 8 });
});

test('a cell that the record does not have is nowhere', () => {
  const find = cellFinder({ line: 1, bytes: Buffer.from('a,b') }, COMMAS);

  expect([find(0), find(1), find(2), find(-1)]).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 3 },
    undefined,
    undefined,
  ]);
});
