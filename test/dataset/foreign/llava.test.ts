import { expect, test } from 'vitest';
import { pngBytes } from '../../helpers/media.ts';
import { readAll, readFolder } from '../folder.ts';
import { openFixture } from './fixtures.ts';

test('reads one round as a prompt with its target, and several as turns', async () => {
  const { samples } = await readAll(openFixture('llava.json'));

  expect(samples.map(({ line, id, target, turns }) => [line, id, target, turns.length])).toEqual([
    [2, 'chart-1', ['The blue bar.'], 0],
    [10, 'chart-2', ['Three.'], 2],
    [21, 'text-1', ['4'], 0],
  ]);
  expect(samples[0]?.messages[0]?.content).toMatchObject([
    { type: 'image', media: { uri: 'chart.png' } },
    { type: 'text', text: 'Which bar is longest?' },
  ]);
  expect(samples[1]?.turns).toMatchObject([
    { content: [{ text: 'What is shown?' }, { type: 'image' }], target: ['A bar chart.'] },
    { content: [{ text: 'How many bars?' }], target: ['Three.'] },
  ]);
  expect(samples[1]?.metadata).toEqual({ source: 'made up' });
});

test('puts images where the text of ShareGPT names them, else first', async () => {
  const { samples } = await readAll(openFixture('sharegpt.jsonl'));

  expect(samples[0]?.messages.map(({ role, content }) => [role, content.map(({ type }) => type)])).toEqual([
    ['system', ['text']],
    ['user', ['text', 'image', 'text', 'image', 'text']],
  ]);
  expect(samples[1]?.messages.map(({ content }) => content.map(({ type }) => type))).toEqual([
    ['text'],
    ['image', 'text'],
  ]);
});

const human = (value: string) => ({ from: 'human', value });
const gpt = (value: string) => ({ from: 'gpt', value });

test.each([
  [{ conversations: [human('<image><image>'), gpt('x')], image: 'a.png' }, 'has 2 <image> in its texts and 1 image'],
  [{ conversations: [human('<image>'), gpt('x')] }, 'has 1 <image> in its texts and 0 images'],
  [{ conversations: [{ from: 'function_call', value: 'x' }] }, 'conversation 1 is from "function_call"'],
  [{ conversations: [human('x'), human('y')] }, 'has two texts in a row from the same speaker'],
  [{ conversations: [gpt('x')] }, 'has no question of a human'],
  [{ conversations: [{ from: 'human', value: 4 }] }, 'conversation 1 has no text in "value"'],
  [{ conversations: [human('x'), gpt('y')], videos: ['a.mp4'] }, 'has "videos", which is not read'],
  [{ conversations: 'x' }, 'has no "conversations"'],
  [{ conversations: [human('<image>'), gpt('x')], image: 'b.png' }, 'image "b.png" does not exist'],
])('names what it cannot take over from %j', async (row, message) => {
  const first = { conversations: [gpt('Hello.'), human('x'), gpt('y')] };
  const lines = [first, row].map((item) => `${JSON.stringify(item)}\n`).join('');

  const { samples, problems } = await readFolder({ 'm.jsonl': lines, 'a.png': pngBytes() }, 'm.jsonl');

  expect(samples).toHaveLength(1);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('m.jsonl:2 ');
  expect(problems[0]).toContain(message);
});
