import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasOddQuotes, isWellFormed, OpenRecord, quoteStateAfter } from '../../src/dataset/csv-quotes.ts';

function isAccepted(record: string): boolean {
  try {
    const options = { delimiter: ',', record_delimiter: ['\r\n', '\n'], relax_column_count: true };
    return parse(Buffer.from(`${record}\n`), options).length === 1;
  } catch {
    return false;
  }
}

test('accepts the records that the parser accepts', () => {
  const record = fc.string({ unit: fc.constantFrom('"', '""', ',', 'a', ' ', '\r', '\n', '\ufeff'), maxLength: 10 });
  fc.assert(
    fc.property(record, (text) => {
      // Only a record with a line end outside of quotes ends before.
      const lines = text.split('\n').slice(0, -1);
      const ends = lines.some((_, index) => !hasOddQuotes(Buffer.from(lines.slice(0, index + 1).join('\n'))));
      fc.pre(!ends && !hasOddQuotes(Buffer.from(text)));
      expect(isWellFormed(Buffer.from(text), ','.charCodeAt(0))).toBe(isAccepted(text));
    }),
    { numRuns: 20_000 },
  );
});

test('a record ends where the parser ends it when it relaxes quotes inside of cells', () => {
  const COMMA = ','.charCodeAt(0);
  const record = fc.string({ unit: fc.constantFrom('"', '""', ',', 'a', ' ', '5" x', '\n'), maxLength: 12 });
  /** Cells one after the other: one that begins with a quote ends with one, any other ends at the next comma. */
  const CELLS = /^(?:"(?:[^"]|"")*"|(?!")[^,\n]*)(?:,(?:"(?:[^"]|"")*"|(?!")[^,\n]*))*$/;
  fc.assert(
    fc.property(record, (text) => {
      let isOpen = false;
      const states = text.split('\n').map((line) => {
        const state = quoteStateAfter(Buffer.from(line), isOpen, COMMA);
        isOpen = state === 'open';
        return state;
      });
      const isOne = states.at(-1) === 'closed' && states.slice(0, -1).every((state) => state === 'open');
      expect(isOne).toBe(CELLS.test(text));
      if (!isOne || text === '') return;
      const [cells = []] = parse(`${text}\n`, {
        record_delimiter: ['\r\n', '\n'],
        relax_column_count: true,
        relax_quotes: true,
      });
      const expected = [...`,${text}`.matchAll(/,("(?:[^"]|"")*"|[^,]*)/g)].map(([, cell = '']) =>
        cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
      );
      expect(cells).toEqual(expected);
    }),
    { numRuns: 20_000 },
  );
});

test('gives the lines of an open record again with their numbers and defects', () => {
  const record = new OpenRecord({ line: 7, bytes: Buffer.from('"a') });
  record.add({ line: 8, bytes: Buffer.alloc(0) });
  record.add({ line: 9, bytes: Buffer.from('\xff', 'latin1'), defect: { line: 9, message: 'bad' } });
  record.add({ line: 10, bytes: Buffer.from('b') });

  const last = [
    { line: 9, bytes: Buffer.from('\xff', 'latin1'), defect: { line: 9, message: 'bad' } },
    { line: 10, bytes: Buffer.from('b') },
  ];
  expect([...record.linesAfter(7)]).toEqual([{ line: 8, bytes: Buffer.alloc(0) }, ...last]);
  expect([...record.linesAfter(8)]).toEqual(last);
  expect(record.lastLine).toBe(10);
});

test('an empty line of an open record takes one byte, and a defect is counted', () => {
  const record = new OpenRecord({ line: 1, bytes: Buffer.from('"') });
  for (let line = 2; line <= 1001; line += 1) record.add({ line, bytes: Buffer.alloc(0) });

  expect(record.size).toBe(1001);
  record.add({ line: 1002, bytes: Buffer.alloc(0), defect: { line: 1002, message: 'bad' } });
  expect(record.size).toBeGreaterThan(1400);
});
