import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';

test.each([
  [['schema'], { dataset: 'm.csv', models: [{ id: 'a', provider: 'openai', model: 'm' }] }, { dataset: 'm.csv' }],
  [['schema', 'config'], { dataset: 'm.csv', models: [{ id: 'a', provider: 'openai', model: 'm' }] }, { models: [] }],
  [['schema', 'manifest'], { prompt: 'hi' }, { prompt: 3 }],
])('earsight %j prints a schema that tells good from bad', async (argv, good, bad) => {
  using folder = workspace();

  const { code, stdout, stderr } = await folder.run(argv);
  const validate = new Ajv({ strict: false }).compile(JSON.parse(stdout));

  expect([code, stderr]).toEqual([0, '']);
  expect([validate(good), validate(bad)]).toEqual([true, false]);
});

test('the schema that init writes is the one that the configuration names, and what schema prints', async () => {
  using folder = workspace();

  await folder.run(['init']);
  const { stdout } = await folder.run(['schema', 'config']);
  const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(folder.read('earsight.config.yaml')) ?? [];

  expect(folder.read(named)).toBe(stdout);
});

test('an unknown schema is rejected with the nearest name', async () => {
  using folder = workspace();

  expect(await folder.run(['schema', 'manifests'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'unknown schema "manifests" · did you mean "manifest"?\n',
  });
});
