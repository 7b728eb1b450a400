/** One line instead of a configuration: `earsight run --dataset photos/ --prompt "..." --model provider:model`. */

import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

const PHOTOS = { 'photos/a.png': pngBytes(), 'photos/sub/b.png': pngBytes({ seed: 1 }) };
const ASK = ['--prompt', 'What is the total?'];
const CONFIG =
  'dataset: m.csv\nmodels: [{id: chat, provider: openai, endpoint: "http://127.0.0.1:9/v1", model: m, auth: {type: none}}]\n';

test('runs a folder of images in one line, without a configuration, and resumes it', async () => {
  await using endpoint = await startEndpoint({ json: chatCompletion('42') });
  using folder = workspace(PHOTOS);
  const model = ['--model', 'openai:any', '--endpoint', `${endpoint.url}/v1`];

  const first = await folder.run(['run', '--dataset', 'photos/', ...ASK, ...model, '--out', 'out']);
  const unnamed = await folder.run(['run', '--resume', 'out']);
  const again = await folder.run(['run', '--resume', 'out', '--endpoint', `${endpoint.url}/v1`]);

  expect([first.code, unnamed.code, again.code]).toEqual([0, 2, 0]);
  expect(unnamed.stderr).toMatch(/out\/run\.json names the endpoint "http:.*name the endpoint to use with --endpoint/);
  expect(endpoint.requests).toHaveLength(2);
  expect(endpoint.requests[0]?.json).toMatchObject({
    model: 'any',
    messages: [{ role: 'user', content: [{ text: 'What is the total?' }, { type: 'image_url' }] }],
  });
  expect(readRows(folder, 'out').map((row) => [row['sample_id'], row['model'], row['answer']])).toEqual([
    ['a.png', 'openai:any', '42'],
    ['sub/b.png', 'openai:any', '42'],
  ]);
});

test('a run without a configuration is scored again without its models', async () => {
  await using endpoint = await startEndpoint({ json: chatCompletion('42') });
  using folder = workspace(PHOTOS);
  const model = ['--model', 'azure:phi', '--endpoint', `${endpoint.url}/openai/v1`];

  await folder.run(['run', '--dataset', 'photos', ...ASK, ...model, '--out', 'out']);
  const { code, stderr } = await folder.run(['score', 'out', '--scorer', 'exact']);

  expect(code).toBe(0);
  expect(stderr).toContain('nothing was sent');
});

test('models of the configuration that is found answer, beside one that is named with its provider', async () => {
  using folder = workspace({ ...PHOTOS, 'earsight.config.yaml': CONFIG });

  const own = await folder.run(['validate', '--dataset', 'photos', ...ASK]);
  const both = await folder.run(['validate', '--dataset', 'photos/*.png', ...ASK, '--model', 'chat', 'local:ocr-ppv4']);

  expect(own.stdout).toContain('photos (media): 2 samples x 1 model x 1 = 2 cells, no problems\n');
  expect(both.stdout).toContain('photos/*.png (media): 1 sample x 2 models x 1 = 2 cells, no problems\n');
});

test('a folder in the place of the configuration is the configuration in it, else media, and this is said', async () => {
  using folder = workspace({ ...PHOTOS, 'job/earsight.config.yaml': CONFIG, 'job/m.csv': 'prompt\nhello\n' });

  const config = await folder.run(['estimate', 'job']);
  const media = await folder.run(['validate', 'photos', ...ASK, '--model', 'local:ocr-ppv4']);
  const both = await folder.run(['validate', 'photos', '--dataset', 'job/m.csv', '--model', 'local:ocr-ppv4']);

  expect(config.stderr).toContain('job: uses the configuration in it, job/earsight.config.yaml\n');
  expect(media.stderr).toBe('photos: holds no configuration, and is read as a dataset\n');
  expect([config.code, media.code, both.code]).toEqual([0, 0, 2]);
  expect(both.stderr).toBe(
    'photos is a folder without a configuration, and --dataset names the samples · leave out one of them\n',
  );
});

test('a glob in the configuration is read with the prompt there', async () => {
  const dataset = 'dataset: {path: "../photos/**/*.png", prompt: "Which folder? {{folder}}"}';
  using folder = workspace({ ...PHOTOS, 'job/earsight.config.yaml': CONFIG.replace('dataset: m.csv', dataset) });

  const { code, stderr } = await folder.run(['validate', 'job']);

  expect(code).toBe(2);
  expect(stderr).toMatch(/names \{\{folder\}\}, which is not a column of photos\/\*\*\/\*\.png · known: "id"/);
});

test.each([
  [['--model', 'openai:gpt-5-mini'], 'openai:gpt-5-mini: the variable OPENAI_API_KEY is not set · set it in the env'],
  [['--model', 'azure:phi'], 'azure:phi: provider azure needs an endpoint · e.g. --endpoint https://'],
  [['--model', 'local:ocr'], '--model local:ocr "ocr" is not an embedded model · known: '],
  [
    ['--model', 'opnai:x'],
    '--model "opnai:x" has no known provider, and there is no configuration · did you mean "openai:x"?',
  ],
  [
    ['--model', 'a:b'],
    '--model "a:b" has no known provider, and there is no configuration · write provider:model, with',
  ],
  [['--model', 'openai:a@b'], '--model openai:a@b must start with a letter'],
  [
    [],
    'no configuration found: earsight.config.yaml, earsight.config.yml, earsight.config.json · name models: --model',
  ],
  [
    ['--model', 'local:ocr-ppv4', '--endpoint', 'https://x.test/v1'],
    '--endpoint belongs to a model that is named with',
  ],
  [
    ['--model', 'azure:a', 'openai:b', '--endpoint', 'https://x.test/v1'],
    '--endpoint is one URL, and --model names models of 2 providers: azure, openai · write a configuration',
  ],
  [
    ['--model', 'openai:b', '--endpoint', 'https://x.test/v1?api_key=abcdefgh12345678'],
    '--model openai:b contains a key',
  ],
])('%j without a configuration says what is missing', async (argv, expected) => {
  using folder = workspace(PHOTOS);

  const { code, stderr } = await folder.run(['validate', '--dataset', 'photos', ...ASK, ...argv]);

  expect(code).toBe(2);
  expect(stderr.slice(0, expected.length)).toBe(expected);
});

test('a pattern in the place of the configuration is a dataset of its files, and this is said', async () => {
  using folder = workspace({ ...PHOTOS, 'earsight.config.yaml': CONFIG });
  const { code, stdout, stderr } = await folder.run(['validate', 'photos/**/*.png', ...ASK]);
  const twice = await folder.run(['validate', 'photos/*.png', '--dataset', 'photos']);

  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'photos/**/*.png: is a pattern, and its files are the dataset\n',
  });
  expect(stdout).toContain('photos/**/*.png (media): 2 samples');
  expect(twice.stderr).toBe(
    'photos/*.png is a pattern of file names, and --dataset names the samples · leave out one of them\n',
  );
});
