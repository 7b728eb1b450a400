import { expect, test } from 'vitest';
import { pngBytes } from '../../../helpers/media.ts';
import { readAll, readFolder } from '../../folder.ts';
import { openFixture } from '../fixtures.ts';

test('reads prompts with their assertions, and lists what has no counterpart', async () => {
  const { samples, notes } = await readAll(openFixture('promptfoo-tests.csv'));

  expect(samples.map(({ target, metadata }) => [target, metadata])).toEqual([
    [['Paris'], { level: 'easy', topic: 'cities' }],
    [['4'], { topic: 'numbers' }],
    [[], {}],
  ]);
  expect(samples[0]?.messages[0]?.content).toEqual([
    { type: 'text', text: 'In one word: What is the capital of France?' },
  ]);
  expect(samples[0]?.scorers).toMatchObject([
    { name: 'exact', as: 'capital' },
    { name: 'includes', as: 'capital-2' },
  ]);
  expect(samples[2]?.scorers).toBeUndefined();
  expect(notes).toEqual([
    'promptfoo-tests.csv:2 column "__threshold" has no counterpart',
    'promptfoo-tests.csv:3 assertion "javascript" has no counterpart · a file can be a scorer, see docs/scorers.md',
    'promptfoo-tests.csv:4 assertion "llm-rubric" has no counterpart · the scorer judge grades answers by a rubric',
  ]);
});

test('fills variables into the prompt of the configuration and the assertions, and sends files of media', async () => {
  const files = {
    'm.csv': 'question,colour,picture,__expected\nWhich bar?,blue,file://a.png,contains: {{colour}}\n',
    'a.png': pngBytes(),
  };

  const { samples, problems } = await readFolder(files, 'm.csv', { prompt: 'Look: {{question}}' });

  expect(problems).toEqual([]);
  expect(samples[0]?.messages[0]?.content).toMatchObject([{ text: 'Look: Which bar?' }, { type: 'image' }]);
  expect(samples[0]?.scorers).toMatchObject([{ target: 'blue' }]);
});

test('rows without a prompt are one problem that names what to do', async () => {
  const { problems } = await readFolder({ 'm.csv': 'question,__expected\na,b\nc,d\n' }, 'm.csv');

  expect(problems).toEqual([
    'm.csv:2 has no variable "prompt" · set dataset.prompt with {{variable}}, or read the promptfoo configuration that names this file',
  ]);
});

test('lists of metadata are separated at commas without a backslash', async () => {
  const csv = 'prompt,__expected,__metadata:tags[]\na,b,"x, y\\,z"\n';

  const { samples } = await readFolder({ 'm.csv': csv }, 'm.csv');

  expect(samples[0]?.metadata).toEqual({ tags: '["x","y,z"]' });
});
