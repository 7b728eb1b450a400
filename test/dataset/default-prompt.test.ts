import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContentPart } from '../../src/types.ts';
import { workspace } from '../helpers/cli.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { makeFolder, readAll, readFolder } from './folder.ts';

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
    prompt: '{{question}} in {{unit}}',
  });

  expect(samples.map(({ id }) => id)).toEqual(['a']);
  expect(problems).toEqual([
    'm.csv:3:20 has no "unit" for the prompt of the configuration · write it, or a "prompt" in this row',
  ]);
});

test.each([
  ['m.csv', MANIFEST],
  ['m.jsonl', '{"prompt": "own"}\n{"question": "q", "unit": "cm", "meta": {"size": 1}}\n{"question": "r"}\n'],
])('a name that is no column of %s is reported once, with the nearest one', async (name, manifest) => {
  const { problems } = await readFolder({ [name]: manifest, 'a.png': pngBytes() }, name, {
    prompt: '{{qestion}} in {{meta.unit}}, {{zzz}}',
    promptOrigin: { name: '--prompt' },
  });

  expect(problems).toEqual([
    `--prompt names {{qestion}}, which is not a column of ${name} · did you mean "{{question}}"?`,
    expect.stringMatching(/^--prompt names \{\{zzz\}\}, which is not a column of m\.\w+ · known: .*"question"/),
  ]);
});

test('a name that is no column is reported where the configuration has it', async () => {
  using folder = workspace({
    'm.jsonl': '{"question": "q"}\n{"question": "r"}\n',
    'earsight.config.yaml': [
      'dataset:',
      '  path: m.jsonl',
      '  prompt: |-',
      '    Look well.',
      '    Then say: {{qestion}}',
      `models: [{id: a, provider: openai, model: gpt-4o, auth: {type: none}}]`,
    ].join('\n'),
  });

  const { code, stderr } = await folder.run(['validate']);

  expect(code).toBe(2);
  expect(stderr).toBe(
    'earsight.config.yaml:5:15 dataset.prompt names {{qestion}}, which is not a column of m.jsonl · did you mean "{{question}}"?\n',
  );
});

/** Text, or the name of the file. */
const shape = (content: readonly ContentPart[] | undefined) =>
  content?.map((part) => (part.type === 'text' ? part.text : part.media.uri));

test.each([
  ['A {{image}} and {{ audio }}, {{unit}}?', ['A ', 'a.png', 'b.png', ' and ', 'c.wav', ', cm?']],
  ['{{image}}\n{{image}}', ['a.png', 'b.png', 'c.wav']],
  ['Is {{image_2}} newer than {{image}}?', ['Is ', 'b.png', ' newer than ', 'a.png', '?', 'c.wav']],
  ['Which {{unit}}? {{audio}}', ['Which cm? ', 'c.wav', 'a.png', 'b.png']],
  ['What {{unit}}?', ['What cm?', 'a.png', 'b.png', 'c.wav']],
])('%j puts the media of a row in their places', async (prompt, expected) => {
  const files = {
    'm.jsonl': '{"image": ["a.png", "b.png"], "audio": "c.wav", "unit": "cm"}\n',
    'a.png': pngBytes(),
    'b.png': pngBytes({ seed: 1 }),
    'c.wav': wavBytes({ seconds: 0.01 }),
  };

  const { samples, problems } = await readFolder(files, 'm.jsonl', { prompt });

  expect(problems).toEqual([]);
  expect(shape(samples[0]?.messages[0]?.content)).toEqual(expected);
});

test('a row without the image that the prompt places is a problem', async () => {
  const files = { 'm.csv': 'id,image\na,a.png\nb,\n', 'a.png': pngBytes() };

  const { problems } = await readFolder(files, 'm.csv', { prompt: 'What is in {{image}}?' });

  expect(problems).toEqual([
    'm.csv:3:3 has no "image" for the prompt of the configuration · write it, or a "prompt" in this row',
  ]);
});

test('every medium of a row is sent exactly once, wherever the prompt has places', async () => {
  const files = {
    'm.jsonl': '{"image": ["a.png", "b.png"], "file_name": "c.png"}\n',
    'a.png': pngBytes(),
    'b.png': pngBytes({ seed: 1 }),
    'c.png': pngBytes({ seed: 2 }),
  };
  const folder = makeFolder(files);
  const piece = fc.constantFrom('{{image}}', '{{ image }}', '{{image_1}}', '{{image_2}}', '{{image_3}}', 'text', '\n');

  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(piece, { minLength: 1 }), async (pieces) => {
      const source = { path: join(folder, 'm.jsonl'), displayPath: 'm.jsonl', prompt: `Say ${pieces.join(' ')}` };
      const { samples } = await readAll(source);

      const media = samples[0]?.messages[0]?.content.filter(({ type }) => type !== 'text');
      expect(shape(media)?.toSorted()).toEqual(['a.png', 'b.png', 'c.png']);
    }),
    { numRuns: 30 },
  );
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
