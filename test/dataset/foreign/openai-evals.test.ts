import { expect, test } from 'vitest';
import { readAll, readFolder } from '../folder.ts';
import { openFixture } from './fixtures.ts';

test('reads chats and texts, and turns named examples into messages', async () => {
  const { samples } = await readAll(openFixture('openai-evals.jsonl'));

  expect(samples.map(({ target, metadata }) => [target, metadata])).toEqual([
    [['4'], {}],
    [['bar chart', 'chart'], { topic: 'charts' }],
    [['Paris'], {}],
  ]);
  expect(samples[0]?.messages.map(({ role, content }) => [role, content])).toEqual([
    ['system', [{ type: 'text', text: 'Answer with a number.' }]],
    ['user', [{ type: 'text', text: '1 + 1' }]],
    ['assistant', [{ type: 'text', text: '2' }]],
    ['user', [{ type: 'text', text: '2 + 2' }]],
  ]);
  expect(samples[1]?.messages[0]?.content[1]).toMatchObject({ type: 'image', media: { uri: 'chart.png' } });
  expect(samples[2]?.messages[0]?.content).toEqual([{ type: 'text', text: 'The capital of France is' }]);
});

test.each([
  [{ ideal: 'x' }, 'has no "input"'],
  [{ input: [{ role: 'system', content: 'x' }], ideal: 'y' }, 'the last of "messages" is not from the user'],
  [{ input: [{ role: 'user', content: 'x', name: 'ann' }], ideal: 'y' }, 'message 1 has the unknown member "name"'],
  [{ input: 'x', ideal: true }, '"target" is true or false, not text'],
])('names what it cannot take over from %j', async (sample, message) => {
  const first = '{"input": "x", "ideal": "y"}\n';

  const { problems } = await readFolder({ 'm.jsonl': `${first}${JSON.stringify(sample)}\n` }, 'm.jsonl');

  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});
