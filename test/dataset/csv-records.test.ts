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
  for await (const records of readRecords(batches(), { delimiter: ',', isQuoted: true })) all.push(...records);
  return all;
}

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
    expect.objectContaining({ line: 1, message: 'a quote opens here and is never closed' }),
    ...inside.map((text, index) => ({ line: index + 2, cells: [text] })),
  ]);
});
