import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readAll, readFolder } from '../folder.ts';
import { openFixture } from './fixtures.ts';

const REAL = fileURLToPath(new URL('../../../../shared/real/', import.meta.url));

test('reads text, chat messages with media, choices and metadata', async () => {
  const { samples } = await readAll(openFixture('inspect.jsonl'));

  expect(samples.map(({ line, id, target, metadata }) => [line, id, target, metadata])).toMatchObject([
    [1, '1', ['yellow'], { lang: 'en' }],
    [2, 'two', ['bar chart', 'chart'], { split: 'test' }],
    [3, expect.stringMatching(/^[0-9a-f]{16}$/), ['42'], {}],
    [4, 'mc', ['B'], { choices: '["a chair","a pear"]' }],
  ]);
  expect(samples[1]?.messages).toMatchObject([
    { role: 'system', content: [{ type: 'text', text: 'Answer in one word.' }] },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is shown?' },
        { type: 'image', detail: 'low', media: { type: 'file', uri: 'chart.png' } },
      ],
    },
  ]);
  expect(samples[2]?.messages[0]?.content[1]).toMatchObject({ type: 'audio', media: { uri: 'clip.wav' } });
  expect(samples[3]?.messages[0]?.content).toEqual([
    { type: 'text', text: 'Which one is a fruit?\n\nA) a chair\nB) a pear' },
  ]);
});

test('reads a JSON list with the line where each sample starts', async () => {
  const { samples } = await readAll(openFixture('inspect.json'));

  expect(samples.map(({ line, id }) => [line, id])).toEqual([
    [2, '1'],
    [5, '2'],
  ]);
});

test.each([
  [{ input: '', target: 'x' }, 'has no "input"'],
  [{ input: 'x', target: 4.5 }, '"target" is a number, not text'],
  [{ input: 'x', sandbox: 'docker', target: 'y' }, 'has "sandbox": earsight has no sandbox'],
  [{ input: 'x', files: { a: 'b' }, target: 'y' }, 'has "files": earsight has no sandbox'],
  [{ input: 'x', target: 'y', metadata: '[1' }, '"metadata" is not an object'],
  [{ input: 'x', target: 'y', metadata: { a: 1 }, a: 2 }, 'metadata "a" is given twice'],
  [{ input: [{ role: 'tool', content: 'x' }], target: 'y' }, 'message 1 has the unknown role "tool"'],
  [{ input: [{ role: 'user', content: 'x', tool_calls: [] }], target: 'y' }, 'the unknown member "tool_calls"'],
  [{ input: [{ role: 'user', content: [{ type: 'video', video: 'a.mp4' }] }], target: 'y' }, 'video "a.mp4" does not'],
  [{ input: [{ role: 'user', content: [{ type: 'document', document: 'a.pdf' }] }] }, 'document "a.pdf" does not'],
  [{ input: [{ role: 'user', content: [{ type: 'reasoning', reasoning: 'a' }] }] }, 'the unknown type "reasoning"'],
])('names what it cannot take over from %j', async (sample, message) => {
  const first = '{"input": "x", "target": "y"}\n';

  const { samples, problems } = await readFolder({ 'm.jsonl': `${first}${JSON.stringify(sample)}\n` }, 'm.jsonl');

  expect(samples).toHaveLength(1);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`m.jsonl:2 `);
  expect(problems[0]).toContain(message);
});

test.skipIf(!existsSync(REAL)).each([
  ['images.jsonl', [['3'], ['bike', 'bicycle']]],
  ['audio.jsonl', [['pluck the bright rose without leaves'], ['pluck the bright rose without leaves']]],
])('reads %s of the project itself', async (name, targets) => {
  const { samples, problems } = await readAll({ path: `${REAL}${name}`, displayPath: name });

  expect(problems).toEqual([]);
  expect(samples.map(({ target }) => target)).toEqual(targets);
});
