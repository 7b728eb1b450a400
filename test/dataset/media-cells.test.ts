import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokenProblems } from '../../src/dataset/media-cells.ts';
import { formatProblem } from '../../src/errors.ts';
import { makeFolder } from './folder.ts';

test.each([
  ['the cell of its column', 'id,image,image_2\na,x.png|half.png,y.png\n', 'm.csv:2:3'],
  ['the cell of a numbered column', 'id,image,image_2\na,x.png,half.png\n', 'm.csv:2:9'],
  ['the line of a cell after a line end in quotes', 'id,system,image\na,"two\nlines",half.png\n', 'm.csv:3:8'],
  ['a list with a detail', 'id,image\na,"[{""path"": ""half.png"", ""detail"": ""low""}]"\n', 'm.csv:2:3'],
  ['the conversation', 'id,messages\na,"[{""role"": ""user""}]"\n', 'm.csv:2:3'],
])('names a broken medium by %s', async (_, text, place) => {
  const source = { path: join(makeFolder({ 'm.csv': text }), 'm.csv'), displayPath: 'm.csv', prompt: '?' };

  const problems = await brokenProblems(source, [{ line: 2, uri: 'half.png', message: 'cannot be used' }]);

  expect(problems.map(formatProblem)).toEqual([`${place} cannot be used · repair or replace it`]);
});

test('a broken medium in a format without cells is named by its line', async () => {
  const folder = makeFolder({ 'm.jsonl': '{"id": "a", "image": "half.png"}\n' });
  const source = { path: join(folder, 'm.jsonl'), displayPath: 'm.jsonl', prompt: '?' };

  expect(await brokenProblems(source, [{ line: 1, uri: 'half.png', message: 'is bad' }])).toEqual([
    { file: 'm.jsonl', line: 1, message: 'is bad', hint: 'repair or replace it', isMedia: true },
  ]);
});
