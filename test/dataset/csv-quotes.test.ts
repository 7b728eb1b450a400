import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasOddQuotes, isWellFormed, OpenRecord } from '../../src/dataset/csv-quotes.ts';

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

test('gives the lines of an open record again with their numbers and defects', () => {
  const record = new OpenRecord({ line: 7, bytes: Buffer.from('"a') });
  record.add({ line: 8, bytes: Buffer.alloc(0) });
  record.add({ line: 9, bytes: Buffer.from('\xff', 'latin1'), defect: { line: 9, message: 'bad' } });
  record.add({ line: 10, bytes: Buffer.from('b') });

  expect([...record.linesAfterFirst()]).toEqual([
    { line: 8, bytes: Buffer.alloc(0) },
    { line: 9, bytes: Buffer.from('\xff', 'latin1'), defect: { line: 9, message: 'bad' } },
    { line: 10, bytes: Buffer.from('b') },
  ]);
});

test('an empty line of an open record takes one byte, and a defect is counted', () => {
  const record = new OpenRecord({ line: 1, bytes: Buffer.from('"') });
  for (let line = 2; line <= 1001; line += 1) record.add({ line, bytes: Buffer.alloc(0) });

  expect(record.size).toBe(1001);
  record.add({ line: 1002, bytes: Buffer.alloc(0), defect: { line: 1002, message: 'bad' } });
  expect(record.size).toBeGreaterThan(1400);
});
