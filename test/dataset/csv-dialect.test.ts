import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detectDialect } from '../../src/dataset/csv-dialect.ts';
import { makeFolder, readFolder } from './folder.ts';

const dialectOf = (name: string, content: string | Uint8Array) =>
  detectDialect(join(makeFolder({ [name]: content }), name));

test.each([
  ['m.csv', 'id,prompt\n', ',', 1],
  ['m.csv', 'id;prompt\n', ';', 1],
  ['m.csv', 'id\tprompt\n', '\t', 1],
  ['m.csv', 'prompt\n', ',', 1],
  ['m.csv', '\n\n"a;b;c",prompt\n', ',', 1],
  ['m.csv', 'sep=;\r\nid;a,b,c\n', ';', 2],
  ['m.csv', '"sep=|"\nid|prompt\n', '|', 2],
  ['m.csv', 'sep=ab\nprompt\n', ',', 1],
  ['m.tsv', 'prompt\n', '\t', 1],
  ['m.tsv', 'id,prompt\n', ',', 1],
  ['m.tsv', '', '\t', 1],
])('%s with %j is separated by %j from line %i on', async (name, content, delimiter, startLine) => {
  expect(await dialectOf(name, content)).toMatchObject({ delimiter, isQuoted: true, startLine });
});

test.each([
  ['no quotes at all', 'id\tprompt\na\tx\n', true],
  ['a cell in quotes', 'id\tprompt\na\t"x"\n', true],
  ['a tab in quotes', 'id\tprompt\na\t"x\ty"\n', true],
  ['a line end in quotes', 'id\tprompt\na\t"x\ny"\n', true],
  ['a quote inside of a cell', 'id\tprompt\na\t3.5" disk\n', false],
  ['a quote before the end of a cell', 'id\tprompt\na\t"Stop," he said.\n', false],
  ['a quote that is never closed', 'id\tprompt\na\t"x\nb\ty\n', false],
  ['quotes that would merge two rows', 'id\tprompt\na\t"x\nb\ty"\n', false],
  ['quotes that would merge two rows in their middle', 'id\tprompt\tn\na\t"x\t1\nb\ty"\t2\n', false],
])('a file with tabs and %s', async (_, content, isQuoted) => {
  expect(await dialectOf('m.tsv', content)).toMatchObject({ isQuoted });
});

/** Text of a corpus: anything but tabs and line ends; not blank, for a blank prompt is a defect. */
const sentence = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', '""', "'", ',', ';', ' ', '[')))
  .map((pieces) => pieces.join('').replace(/[\t\r\n\0]/g, ''))
  .filter((text) => text.trim() !== '' && text !== '\ufeff');

test('sentences of a corpus are read as they are, one row a line, when one of them has a stray quote', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sentence, { maxLength: 8 }), async (sentences) => {
      const all = [...sentences, '3.5" disk'];
      const manifest = ['id\tprompt\tmeta.end', ...all.map((text, id) => `${id}\t${text}\tend`), ''].join('\n');

      const { samples, problems } = await readFolder({ 'm.tsv': manifest }, 'm.tsv');

      expect(problems).toEqual([]);
      expect(samples.map(({ line, messages }) => [line, messages[0]?.content])).toEqual(
        all.map((text, at) => [at + 2, [{ type: 'text', text }]]),
      );
    }),
    { numRuns: 100 },
  );
});

test('reads what spreadsheets write: any separator, UTF-8 and UTF-16, CR LF, columns without a name', async () => {
  const cell = fc
    .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', ',', ';', '\t', '\n', ' ')))
    .map((pieces) => pieces.join('').replaceAll('\0', ''))
    .filter((text) => text.trim() !== '');
  await fc.assert(
    fc.asyncProperty(
      fc.array(cell, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(',', ';', '|'),
      fc.boolean(),
      async (cells, delimiter, isUtf16) => {
        const rows = [['id', 'prompt', '', ''], ...cells.map((text, id) => [id, text, '', ''])];
        const table = stringify(rows, { delimiter, record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
        const content = Buffer.from(`\ufeffsep=${delimiter}\r\n${table}`, isUtf16 ? 'utf16le' : 'utf8');

        const { samples, problems } = await readFolder({ 'm.csv': content }, 'm.csv');

        expect(problems).toEqual([]);
        expect(samples.map(({ messages }) => messages[0]?.content)).toEqual(
          cells.map((text) => [{ type: 'text', text }]),
        );
      },
    ),
    { numRuns: 100 },
  );
});
