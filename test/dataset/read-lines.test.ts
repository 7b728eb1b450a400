import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Line, MAX_ROW_BYTES, readLines } from '../../src/dataset/read-lines.ts';
import { makeFolder } from './folder.ts';

async function linesOf(content: string | Uint8Array): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(join(makeFolder({ f: content }), 'f'))) lines.push(...batch);
  return lines;
}

test('gives every line with its number, whatever is between the line feeds', async () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\n\0]/g, ''));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.boolean(), async (texts, isEnded) => {
      fc.pre(isEnded || texts.at(-1) !== '');

      const lines = await linesOf(texts.join('\n') + (isEnded ? '\n' : ''));

      expect(lines.map((item) => [item.line, item.bytes.toString(), item.defect])).toEqual(
        texts.map((text, at) => [at + 1, text, undefined]),
      );
    }),
    { numRuns: 50 },
  );
});

test('joins lines and characters that the chunks of reading cut apart', async () => {
  const long = 'é'.repeat(700_001); // 1.4 MB: the first chunk ends inside a character

  const lines = await linesOf(`x${long}\n${long}\nend`);

  expect(lines.map(({ line, bytes, defect }) => [line, bytes.length, defect])).toEqual([
    [1, 1_400_003, undefined],
    [2, 1_400_002, undefined],
    [3, 3, undefined],
  ]);
});

test('reports one bad line among good ones with the column of the bad byte', async () => {
  const lines = await linesOf(Buffer.from('a\nb\ncaf\xe9 au lait\nd\ne', 'latin1'));

  expect(lines.map(({ defect }) => defect && [defect.line, defect.column])).toEqual([
    undefined,
    undefined,
    [3, 4],
    undefined,
    undefined,
  ]);
});

test.each([10, 70_000, 3_000_000])('a NUL after %i bytes is a defect of its line', async (offset) => {
  const before = Array.from({ length: offset / 10 }, () => 'nine char').join('\n');

  const lines = await linesOf(`${before}\nab\0c\nend\n`);

  const [defect, ...more] = lines.flatMap(({ defect }) => defect ?? []);
  expect(more).toEqual([]);
  expect(defect).toMatchObject({ line: offset / 10 + 1, column: 3, message: 'contains a NUL character' });
});

test.each([
  ['its first line', 'id,\0prompt\na,x\n'],
  ['bytes that are no text', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')],
])('a NUL in %s says that all of the file is something else', async (_where, content) => {
  const lines = await linesOf(content);

  expect(lines.flatMap(({ defect }) => defect ?? [])).toMatchObject([{ message: 'is not a text file' }]);
});

test('does not hold a line that is longer than any row may be, and goes on after it', async () => {
  const lines = await linesOf(Buffer.concat([Buffer.alloc(MAX_ROW_BYTES + 1, 'x'), Buffer.from('\nnext\n')]));

  expect(lines.map(({ line, bytes, defect }) => [line, bytes.toString(), defect?.message])).toEqual([
    [1, '', 'the line is longer than 32 MiB'],
    [2, 'next', undefined],
  ]);
});

test.each(['utf16le', 'utf16be'])('reads %s with its mark, wherever the chunks of reading cut it', async (encoding) => {
  const long = '😀'.repeat(40_001); // 160 kB: a chunk ends between the halves of a character
  const content = Buffer.from(`\ufeffx${long}\ncafé\n`, 'utf16le');

  const lines = await linesOf(encoding === 'utf16be' ? content.swap16() : content);

  expect(lines.map(({ line, bytes, defect }) => [line, bytes.toString(), defect])).toEqual([
    [1, `x${long}`, undefined],
    [2, 'café', undefined],
  ]);
});

test('reports UTF-16 that ends inside of a character after the lines before it', async () => {
  const lines = await linesOf(Buffer.concat([Buffer.from('\ufeffa\nb\n', 'utf16le'), Buffer.from('c')]));

  expect(lines.map(({ bytes, defect }) => [bytes.toString(), defect?.message])).toEqual([
    ['a', undefined],
    ['b', undefined],
    ['', 'begins like UTF-16 text and contains bytes that are not'],
  ]);
});
