import { expect, test } from 'vitest';
import { readAll, readFolder } from '../folder.ts';
import { openFixture } from './fixtures.ts';

test('reads queries and conversations; the answer at the end is asked for again', async () => {
  const { samples } = await readAll(openFixture('azure-eval.jsonl'));

  expect(samples.map(({ target, metadata }) => [target, metadata])).toEqual([
    [['Paris'], { response: 'Paris.', context: 'France is a country in Europe.' }],
    [['330 m'], { topic: 'towers' }],
    [[], {}],
    [[], { response: 'A triangle' }],
  ]);
  expect(samples[2]?.messages.map(({ role, content }) => [role, content.map(({ type }) => type)])).toEqual([
    ['system', ['text']],
    ['user', ['text', 'image']],
    ['assistant', ['text']],
    ['user', ['text']],
  ]);
  expect(samples[3]?.messages.map(({ role }) => role)).toEqual(['user']);
});

test('says that recorded answers are no targets and where the context is', async () => {
  const { notes } = await readAll(openFixture('azure-eval.jsonl'));

  expect(notes).toEqual([
    'azure-eval.jsonl:1 recorded answers are no targets (2 times) · they are in meta.response',
    'azure-eval.jsonl:1 the context is not a part of the question · it is in meta.context: add it to the prompt',
  ]);
});

test.each([
  [{ ground_truth: 'x' }, 'has no "query"'],
  [{ query: '', response: 'x' }, 'has no "query"'],
  [{ query: 'x', ground_truth: 4.5 }, '"target" is a number, not text'],
  [{ conversation: { messages: [{ role: 'assistant', content: 'x' }] } }, '"messages" is an empty list'],
  [{ conversation: { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] } }, '"image_url" is missing'],
])('names what it cannot take over from %j', async (row, message) => {
  const first = '{"query": "x", "ground_truth": "y"}\n';

  const { problems } = await readFolder({ 'm.jsonl': `${first}${JSON.stringify(row)}\n` }, 'm.jsonl');

  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('m.jsonl:2 ');
  expect(problems[0]).toContain(message);
});
