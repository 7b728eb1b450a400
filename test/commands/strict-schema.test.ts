/** A schema that the vendor would reject: said with its place, and nothing is sent. Recorded runs with one resume (fixtures-runs). */

import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';

const BAD = '{type: object, properties: {a: {type: string}}}';
const GOOD = '{type: object, properties: {a: {type: string}}, required: [a], additionalProperties: false}';

const config = (endpoint: string, schema: string, strict = true) => `dataset: m.csv
models:
  - id: gpt
    provider: azure
    endpoint: ${endpoint}
    model: gpt-5-mini
    auth: {type: none}
    params:
      responseFormat: {type: json_schema, name: answer, schema: ${schema}, strict: ${strict}}
`;
const AZURE = 'https://r.services.ai.azure.com/openai/v1';
const PROBLEM =
  'c.yaml:9:23 gpt: the strict schema answer lacks "additionalProperties": false at its root · OpenAI rejects it with strict: true · change the schema, or leave strict out';

test.each(['run', 'validate'])('%s names its line and column', async (command) => {
  using folder = workspace({ 'c.yaml': config(AZURE, BAD), 'm.csv': 'id,prompt\na,x\n' });

  const { code, stderr } = await folder.run([command, 'c.yaml', ...(command === 'run' ? ['--yes'] : [])]);

  expect(code).toBe(2);
  expect(stderr.split('\n')).toContain(PROBLEM);
  expect(folder.list()).toEqual(['c.yaml', 'm.csv']);
});

test.each([
  ['a schema that follows the rules', config(AZURE, GOOD)],
  ['a schema that is not strict', config(AZURE, BAD, false)],
  ['another server, with rules of its own', config('https://h.example/v1', BAD).replace('azure', 'openai')],
])('%s is accepted', async (_, text) => {
  using folder = workspace({ 'c.yaml': text, 'm.csv': 'id,prompt\na,x\n' });

  expect((await folder.run(['validate', 'c.yaml'])).code).toBe(0);
});

test('an estimate, which sends nothing, warns', async () => {
  using folder = workspace({ 'c.yaml': config(AZURE, BAD), 'm.csv': 'id,prompt\na,x\n' });

  const { code, stderr } = await folder.run(['estimate', 'c.yaml']);

  expect([code, stderr]).toEqual([0, expect.stringContaining('warning: gpt: the strict schema answer lacks')]);
});
