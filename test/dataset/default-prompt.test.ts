import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { pngBytes } from '../helpers/media.ts';
import { readFolder } from './folder.ts';

const MANIFEST = 'id,question,image,unit\na,How wide is it?,a.png,cm\nb,How tall is it?,,\n';
const text = (value: string) => ({ type: 'text', text: value });

test('fills the prompt of the configuration in from the columns of each row', async () => {
  const prompt = '{{ question }} (row {{id}}, {{meta.question}})';

  const { samples, problems } = await readFolder({ 'm.csv': MANIFEST, 'a.png': pngBytes() }, 'm.csv', { prompt });

  expect(problems).toEqual([]);
  expect(samples.map(({ messages }) => messages[0]?.content)).toEqual([
    [text('How wide is it? (row a, How wide is it?)'), expect.objectContaining({ type: 'image' })],
    [text('How tall is it? (row b, How tall is it?)')],
  ]);
});

test('a row keeps the question that it has', async () => {
  const manifest = '{"prompt": "own"}\n{"messages": [{"role": "user", "content": "said"}]}\n{"system": "s"}\n';

  const { samples } = await readFolder({ 'm.jsonl': manifest }, 'm.jsonl', { prompt: 'usual' });

  expect(samples.map(({ messages }) => messages.at(-1)?.content)).toEqual([
    [text('own')],
    [text('said')],
    [text('usual')],
  ]);
  expect(samples[2]?.messages[0]).toEqual({ role: 'system', content: [text('s')] });
});

test('a row without a value that the prompt names is a problem', async () => {
  const { samples, problems } = await readFolder({ 'm.csv': MANIFEST, 'a.png': pngBytes() }, 'm.csv', {
    prompt: '{{question}} in {{unit}}, {{size}}',
  });

  expect(samples).toEqual([]);
  expect(problems).toEqual([
    'm.csv:2 has no "size" for the prompt of the configuration · write it, or a "prompt" in this row',
    'm.csv:3 has no "unit" for the prompt of the configuration · write it, or a "prompt" in this row',
    'm.csv:3 has no "size" for the prompt of the configuration · write it, or a "prompt" in this row',
  ]);
});

const MODEL = 'id: a, provider: openai, model: gpt-4o, auth: {type: none}';

test.each([
  ['a template that leaves it out', `models: [{${MODEL}, template: "Read the {{meta.unit}}."}]`, 0],
  ['variants with such templates', `models: [{${MODEL}}]\nvariants: [{id: x, template: A}, {id: y, template: B}]`, 0],
  ['a template with the prompt', `models: [{${MODEL}, template: "{{prompt}}!"}]`, 2],
  [
    'one model without a template',
    `models: [{${MODEL}, template: A}, {id: b, provider: openai, model: m, auth: {type: none}}]`,
    2,
  ],
])('the manifest and its prompt column with %s', async (_, models, code) => {
  using folder = workspace({
    'earsight.config.yaml': `dataset: m.csv\n${models}\n`,
    'm.csv': MANIFEST,
    'a.png': pngBytes(),
  });

  expect(await folder.run(['validate'])).toMatchObject({ code });
});

test('the configuration names the prompt, also for a manifest of the command line', async () => {
  const config = `dataset: {path: m.csv, prompt: "{{question}}"}\nmodels: [{${MODEL}}]\n`;
  using folder = workspace({
    'earsight.config.yaml': config,
    'm.csv': MANIFEST,
    'n.csv': MANIFEST,
    'a.png': pngBytes(),
  });

  expect(await folder.run(['validate'])).toMatchObject({ code: 0, stdout: expect.stringContaining('2 samples') });
  expect(await folder.run(['validate', '--dataset', 'n.csv'])).toMatchObject({ code: 0 });
});
