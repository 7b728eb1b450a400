import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRecords } from '../../src/dataset/csv-records.ts';

/** The records of lines that come in batches of these sizes, over and over. */
async function recordsOf(texts: readonly string[], sizes: readonly number[]) {
  async function* batches() {
    for (let from = 0, turn = 0; from < texts.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      const batch = texts.slice(from, from + size);
      yield batch.map((text, index) => ({ line: from + index + 1, bytes: Buffer.from(text) }));
      from += size;
    }
  }
  const all: unknown[] = [];
  for await (const records of readRecords(batches(), { delimiter: ',', isQuoted: true }))
    all.push(...records.map((record) => ('cells' in record ? { line: record.line, cells: record.cells } : record)));
  return all;
}

const STRAY = 'a cell that begins with a quote goes on after its closing quote';
const goesOn = (line: number) => `a quote opens here, and the cell goes on after its closing quote on line ${line}`;

/** Pieces that open, close, double and misplace quotes. */
const line = fc
  .array(fc.constantFrom('a', ',', '"', '""', ' ', 'bc'), { maxLength: 6 })
  .map((pieces) => pieces.join(''));

test('records and defects are the same however the lines are cut into batches', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
      async (texts, sizes) => {
        expect(await recordsOf(texts, sizes)).toEqual(await recordsOf(texts, [Math.max(1, texts.length)]));
      },
    ),
    { numRuns: 500 },
  );
});

test('a record goes on over many batches, and so does one that never ends', async () => {
  const inside = Array.from({ length: 40 }, (_, index) => `line ${index}`);

  expect(await recordsOf(['a,"open', ...inside, 'end"', 'b,c'], [3])).toEqual([
    { line: 1, cells: ['a', ['open', ...inside, 'end'].join('\n')] },
    { line: 43, cells: ['b', 'c'] },
  ]);
  expect(await recordsOf(['a,"open', ...inside], [3])).toEqual([
    expect.objectContaining({ line: 1, column: 3, message: 'a quote opens here and is never closed' }),
    ...inside.map((text, index) => ({ line: index + 2, cells: [text] })),
  ]);
});

/** A cell with quotes around it, or one that needs none: quotes inside of it are characters. */
const cell = fc.oneof(
  fc
    .string({ unit: fc.constantFrom('a', '"', ',', '\n', ' '), maxLength: 6 })
    .map((text) => ({ text, written: `"${text.replaceAll('"', '""')}"` })),
  fc
    .string({ unit: fc.constantFrom('b', '"', ' '), maxLength: 5 })
    .filter((text) => !text.startsWith('"'))
    .map((text) => ({ text, written: text })),
);

test('reads what the parser reads, also where a record over several lines has quotes inside of other cells', async () => {
  const row = fc.array(cell, { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 5 }),
      async (rows, size) => {
        const text = rows.map((cells) => cells.map(({ written }) => written).join(',')).join('\n');

        const records = await recordsOf(text.split('\n'), [size]);

        const options = { record_delimiter: ['\r\n', '\n'], relax_column_count: true, relax_quotes: true };
        expect(records.map((record) => (record as { cells: unknown }).cells)).toEqual(parse(text, options));
        expect(records.map((record) => (record as { cells: unknown }).cells)).toEqual(
          rows.map((cells) => cells.map(({ text: value }) => value)),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ['in the last line', ['1,"two', 'lines",3.5" disk', '2,b,c'], [['1', 'two\nlines', '3.5" disk']]],
  ['in the first line', ['3.5" disk,"two', 'lines",x', '2,b,c'], [['3.5" disk', 'two\nlines', 'x']]],
  ['between two such cells', ['"a', 'b",5" x,"c', 'd"', '2,b,c'], [['a\nb', '5" x', 'c\nd']]],
])('a quote inside of a cell without quotes is a character %s of a record', async (_, lines, [cells]) => {
  expect(await recordsOf(lines, [2])).toEqual([
    { line: 1, cells },
    { line: lines.length, cells: ['2', 'b', 'c'] },
  ]);
});

test.each([
  ['on its own line', ['1,"two', 'lines","x"y', '2,b,c'], [{ line: 2, column: 8, message: STRAY }]],
  ['on a later line', ['1,"opens', '2,"two"', '3,c'], [{ line: 1, column: 3, message: goesOn(2) }]],
  ['that begins in a later line', ['1,"a', 'b","c', 'say "hi"', '3,c'], [{ line: 2, column: 4, message: goesOn(3) }]],
])('reports the cell which goes on after its closing quote %s', async (_, lines, defects) => {
  const all = await recordsOf(lines, [1]);

  expect(all.filter((one) => Object.hasOwn(one as object, 'message'))).toEqual(
    defects.map((defect) => expect.objectContaining(defect)),
  );
  expect(all.at(-1)).toEqual(expect.objectContaining({ line: lines.length }));
});

test('a record whose lines each close a cell and open another is reported once, where its last cell begins', async () => {
  const lines = Array.from({ length: 2000 }, () => 'x","y');

  const all = await recordsOf(lines, [100]);

  expect(all).toEqual([expect.objectContaining({ line: 2000, column: 4 })]);
});
