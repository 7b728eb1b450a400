import { expect, test } from 'vitest';
import { MAX_ROW_BYTES } from '../../src/dataset/read-lines.ts';
import { readFolder } from './folder.ts';

test('a quote that is never closed costs one row, not the rest of a large file', async () => {
  const rows = Array.from({ length: 9 }, (_, at) => `${at},${'x'.repeat(MAX_ROW_BYTES / 8)}`);
  const manifest = ['id,prompt', 'a,fine', 'b,"opens', ...rows, 'c,fine', ''].join('\n');

  const { samples, problems } = await readFolder({ 'm.csv': manifest }, 'm.csv');

  expect(problems).toEqual([
    'm.csv:3:3 a quote opens here and is never closed · close it; a quote inside a quoted cell is written twice',
  ]);
  expect(samples.map(({ id, line }) => `${id}:${line}`)).toEqual([
    'a:2',
    ...rows.map((_, at) => `${at}:${at + 4}`),
    'c:13',
  ]);
});

test('a row with a stray quote does not affect the rows after it', async () => {
  const manifest = 'id,prompt\na,"5" disk\nb,"two\nlines"\nc,fine\nd,"7" disk\ne,"say ""hi"""\n';

  const { samples, problems } = await readFolder({ 'm.csv': manifest }, 'm.csv');

  expect(samples.map(({ id, line }) => `${id}:${line}`)).toEqual(['b:3', 'c:5', 'e:7']);
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['m.csv:2:3', 'm.csv:6:3']);
});

test('a misspelt column beside the right one is reported once', async () => {
  const { samples, problems } = await readFolder({ 'm.csv': 'prompt,pormpt\nhello,bye\n' }, 'm.csv');

  expect(problems).toEqual([
    'm.csv:1:8 unknown column "pormpt" · did you mean "prompt"? Write "meta.pormpt" to keep it as metadata',
  ]);
  expect(samples.map(({ messages }) => messages[0]?.content)).toEqual([[{ type: 'text', text: 'hello' }]]);
});

test('a quote inside of a cell without quotes is a character, wherever it is', async () => {
  const rows = ['a,3.5" disk,', 'b,"two\nlines","7"""', 'c,say "hi",5\' 6"', 'd,"x, y",""', 'e,f"","g"'];
  const { samples, problems } = await readFolder({ 'm.csv': ['id,prompt,size', ...rows, ''].join('\n') }, 'm.csv');

  expect(problems).toEqual([]);
  expect(samples.map(({ messages, metadata }) => [messages[0]?.content, metadata['size']])).toEqual([
    [[{ type: 'text', text: '3.5" disk' }], undefined],
    [[{ type: 'text', text: 'two\nlines' }], '7"'],
    [[{ type: 'text', text: 'say "hi"' }], '5\' 6"'],
    [[{ type: 'text', text: 'x, y' }], undefined],
    [[{ type: 'text', text: 'f""' }], 'g'],
  ]);
});

test('a defect of a cell is where the cell begins, also after line ends in quotes and characters of several bytes', async () => {
  const rows = [
    'é😀,"two\nlines","[""a""",nothing.png,',
    'b,x,y,chart.png|none.png,other.png',
    'b,x,y,,',
    ' ,"a\nb","c\nd",,',
    ',"a\nb",,missing.png,',
  ];
  const { problems } = await readFolder(
    { 'm.csv': ['id,prompt,target,image,image_2', ...rows, ''].join('\n') },
    'm.csv',
  );

  expect(problems.map((problem) => problem.split(' ').slice(0, 3).join(' '))).toEqual([
    'm.csv:3:8 "target" is',
    'm.csv:4:7 image "chart.png"',
    'm.csv:4:7 image "none.png"',
    'm.csv:4:26 image "other.png"',
    'm.csv:5:1 duplicate id',
    'm.csv:6:1 "id" is',
    'm.csv:10:5 image "missing.png"',
  ]);
});

test('a value that a row lacks is missing in its cell', async () => {
  const source = { prompt: 'What is {{topic}}? {{image}}' };
  const { problems } = await readFolder(
    { 'm.csv': 'id,image,meta.topic\na,,\n', 'n.csv': 'id,prompt\na,\nb,x\n' },
    'm.csv',
    source,
  );

  expect(problems.map((problem) => problem.split(' for ')[0])).toEqual([
    'm.csv:2:4 has no "topic"',
    'm.csv:2:3 has no "image"',
  ]);
});

test('a default has no cell in the rows that take it', async () => {
  const { problems } = await readFolder({ 'm.csv': '#defaults,image=none.png\nid,prompt,image\na,x,\n' }, 'm.csv');

  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['m.csv:3']);
});

test.each([
  ['messages', '[{"role":"user","content":[{"type":"image","path":"none.png"}]}]', 'm.csv:2:3 image "none.png" does'],
  ['messages', '[{"role":"user"}]', 'm.csv:2:3 message 1 is'],
  ['turns', '[{"user":"x","image":"none.png"}]', 'm.csv:2:3 image "none.png" does'],
  ['turns', '[{"user":"x","image":3}]', 'm.csv:2:3 turn 1 "image"'],
])('a defect of a conversation in "%s" is in its cell', async (column, cell, message) => {
  const { problems } = await readFolder({ 'm.csv': `id,${column}\na,"${cell.replaceAll('"', '""')}"\n` }, 'm.csv');

  expect(problems.map((problem) => problem.split(' ').slice(0, 4).join(' '))).toEqual([message]);
});
