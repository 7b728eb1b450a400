import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { startEndpoint } from '../helpers/endpoint.ts';

const MODELS = 'models: [{id: a, provider: openai, model: m, auth: {type: none}}]\n';
const TABLE = 'question,ground_truth\nWhat is 2 + 2?,4\n';

test('validate proposes the map of names that are near, and takes it', async () => {
  using folder = workspace({ 'earsight.config.yaml': `dataset: m.csv\n${MODELS}scorers: [exact]\n`, 'm.csv': TABLE });

  const without = await folder.run(['validate']);
  const withMap = await folder.run(['validate', '--map', 'prompt=question,target=ground_truth']);
  const half = await folder.run(['validate', '--map', 'prompt=question']);

  expect([without.code, without.stderr]).toEqual([
    2,
    'm.csv:1 the header has no "prompt" column · read it from "question": --map prompt=question,target=ground_truth, or dataset.map in the configuration\n',
  ]);
  expect([withMap.code, withMap.stderr]).toEqual([0, '']);
  expect(withMap.stdout).toContain('m.csv: 1 sample x 1 model x 1 = 1 cell, no problems\n');
  expect(half.stderr).toContain('read it as the target: --map target=ground_truth');
});

test('a map of the command line takes the place of the configuration', async () => {
  using folder = workspace({
    'earsight.config.yaml': `dataset: {path: m.csv, map: {prompt: nothing}}\n${MODELS}`,
    'm.csv': TABLE,
  });

  const outcome = await folder.run(['estimate', '--map', 'prompt=question']);

  expect([outcome.code, outcome.stderr]).toEqual([0, expect.not.stringContaining('nothing')]);
});

test('convert writes mapped columns as those of a manifest', async () => {
  using folder = workspace({ 'm.csv': TABLE });

  const outcome = await folder.run([
    'convert',
    'm.csv',
    '-o',
    'o.jsonl',
    '--map',
    'prompt=question,target=ground_truth',
  ]);

  expect(outcome.code).toBe(0);
  expect(JSON.parse(folder.read('o.jsonl'))).toEqual({ prompt: 'What is 2 + 2?', target: '4' });
});

test('a resumed run reads the columns of the first one', async () => {
  await using endpoint = await startEndpoint();
  using folder = workspace({
    'earsight.config.yaml': [
      'dataset: m.csv',
      `models: [{id: a, provider: openai, model: m, endpoint: ${endpoint.url}/v1, auth: {type: none}}]`,
    ].join('\n'),
    'm.csv': TABLE,
  });

  const first = await folder.run(['run', '--map', 'prompt=question', '--out', 'r']);
  const resumed = await folder.run(['run', '--resume', 'r']);

  expect([first.code, resumed.code]).toEqual([0, 0]);
  expect(JSON.parse(folder.read('r/run.json')).selection).toMatchObject({ map: 'prompt=question' });
});

test.each(['validate', 'convert'])('%s says everything that is wrong with the option', async (command) => {
  using folder = workspace({ 'earsight.config.yaml': `dataset: m.csv\n${MODELS}`, 'm.csv': TABLE });
  const argv = command === 'convert' ? [command, 'm.csv', '-o', 'o.jsonl'] : [command];

  const outcome = await folder.run([...argv, '--map', 'promt=question,target']);

  expect([outcome.code, outcome.stderr]).toEqual([
    2,
    [
      '--map: "target" is not column=name · for example --map prompt=question',
      '--map: "promt" is not a column of a manifest · did you mean "prompt"?',
      '',
    ].join('\n'),
  ]);
});
