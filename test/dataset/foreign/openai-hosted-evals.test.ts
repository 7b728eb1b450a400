import { expect, test } from 'vitest';
import { readAll, readFolder } from '../folder.ts';
import { openFixture } from './fixtures.ts';

test('reads items of a data source by the names in use', async () => {
  const { samples, notes } = await readAll(openFixture('openai-hosted-evals.jsonl'));

  expect(samples.map(({ target, metadata }) => [target, metadata])).toEqual([
    [['bar chart'], { topic: 'charts' }],
    [['4'], {}],
    [['blue', 'light blue'], {}],
  ]);
  expect(samples[0]?.messages[0]?.content).toMatchObject([
    { type: 'text' },
    { type: 'image', media: { type: 'data' } },
  ]);
  expect(samples[2]?.messages[0]?.content).toEqual([{ type: 'text', text: 'Name the colour of the sky.' }]);
  expect(notes).toEqual(['openai-hosted-evals.jsonl:1 recorded answers (sample) are not read']);
});

test('reads exported output items with the messages that were sent', async () => {
  const { samples } = await readAll(openFixture('openai-hosted-evals.json'));

  expect(samples.map(({ line, id, target }) => [line, id, target])).toEqual([
    [4, '5', ['Paris']],
    [14, '6', ['4']],
  ]);
  expect(samples[0]?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  expect(samples[1]?.messages[0]?.content).toEqual([{ type: 'text', text: 'What is 2 + 2?' }]);
});

test.each([
  [{ item: { text: 'x', ideal: 'y' } }, 'has no question in its item'],
  [{ item: 'x' }, 'has no "item"'],
  [{ item: { input: 'x', ideal: 4.5 } }, '"target" is a number, not text'],
  [
    { item: { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'f' }] }] } },
    'the unknown type "input_image"',
  ],
])('names what it cannot take over from %j', async (row, message) => {
  const first = '{"item": {"input": "x"}}\n';

  const { problems } = await readFolder({ 'm.jsonl': `${first}${JSON.stringify(row)}\n` }, 'm.jsonl');

  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('m.jsonl:2 ');
  expect(problems[0]).toContain(message);
});

test('fills members of an item into the prompt of the configuration', async () => {
  const files = { 'm.jsonl': '{"item": {"text": "x", "ideal": "y"}}\n' };

  const { samples, problems } = await readFolder(files, 'm.jsonl', {
    format: 'openai-hosted-evals',
    prompt: 'Repeat {{text}}.',
  });

  expect(problems).toEqual([]);
  expect(samples[0]?.messages[0]?.content).toEqual([{ type: 'text', text: 'Repeat x.' }]);
});
