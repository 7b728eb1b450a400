import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { startEndpoint } from '../helpers/endpoint.ts';

const MODELS = 'models: [{id: a, provider: openai, model: m, auth: {type: none}}]\n';
const SAMPLE = '{"input": "What is 2 + 2?", "target": "4"}\n';

test('validate shows the format that it recognised', async () => {
  using folder = workspace({ 'earsight.config.yaml': `dataset: m.jsonl\n${MODELS}`, 'm.jsonl': SAMPLE });

  const { code, stdout } = await folder.run(['validate']);

  expect([code, stdout.split('\n')[0]]).toEqual([0, 'm.jsonl (inspect): 1 sample x 1 model x 1 = 1 cell, no problems']);
});

test('--format takes precedence over the file and over the configuration', async () => {
  using folder = workspace({
    'earsight.config.yaml': `dataset: {path: m.txt, format: inspect}\n${MODELS}`,
    'm.txt': SAMPLE,
    'm.jsonl': SAMPLE,
  });

  const configured = await folder.run(['validate']);
  const asOurs = await folder.run(['validate', '--format', 'jsonl']);
  const other = await folder.run(['validate', '--dataset', 'm.jsonl', '--format', 'openai-evals']);
  const unknown = await folder.run(['validate', '--format', 'inspct']);

  expect([configured.code, configured.stdout.split('\n')[0]]).toEqual([
    0,
    'm.txt (inspect): 1 sample x 1 model x 1 = 1 cell, no problems',
  ]);
  expect([asOurs.code, asOurs.stderr]).toEqual([
    2,
    'm.txt:1 has no "prompt" · read it from "input": --map prompt=input, or dataset.map in the configuration\n',
  ]);
  expect([other.code, other.stdout.split('\n')[0]]).toEqual([
    0,
    'm.jsonl (openai-evals): 1 sample x 1 model x 1 = 1 cell, no problems',
  ]);
  expect([unknown.code, unknown.stderr]).toEqual([2, 'unknown format "inspct" · did you mean "inspect"?\n']);
});

test('a resumed run reads the manifest in the format of the first one', async () => {
  await using endpoint = await startEndpoint();
  using folder = workspace({
    'earsight.config.yaml': [
      'dataset: m.txt',
      `models: [{id: a, provider: openai, model: m, endpoint: ${endpoint.url}/v1, auth: {type: none}}]`,
    ].join('\n'),
    'm.txt': SAMPLE,
  });

  const first = await folder.run(['run', '--format', 'inspect', '--out', 'r']);
  const resumed = await folder.run(['run', '--resume', 'r']);

  expect([first.code, resumed.code]).toEqual([0, 0]);
  expect(JSON.parse(folder.read('r/run.json')).selection).toMatchObject({ format: 'inspect' });
});
