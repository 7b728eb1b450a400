/** Against files and batches that others wrote. */

import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { LOADING_MS, loadBatch } from '../helpers/load-batch.ts';
import { readRows } from '../helpers/tables.ts';

beforeAll(loadBatch, LOADING_MS);

const mock = new LLMock({ port: 0, host: '127.0.0.1' });
let url = '';

beforeAll(async () => {
  url = await mock.start();
});
afterAll(() => mock.stop());

function folder(members = ''): Workspace {
  return workspace({
    'manifest.csv': 'id,prompt,target\na,red,mock batch completion\nb,blue,blue\n',
    'earsight.config.yaml': `dataset: manifest.csv
models: [{id: m, provider: openai, endpoint: "${url}/v1", model: gpt-4o-mini, auth: {type: none}${members}}]
scorers: [exact]
reporters: [csv]
`,
  });
}

const batch = (files: Workspace, action: string) => files.run(['batch', action, 'night']);

test.each([
  ['chat', '1'],
  ['responses', '0'],
])('a batch of the API %s is submitted, looked at and collected', async (api, tokens) => {
  using files = folder(`, api: ${api}`);

  const submitted = await batch(files, 'submit');
  const looked = await batch(files, 'status');
  const collected = await batch(files, 'collect');

  expect([submitted.code, looked.code, collected.code]).toEqual([0, 0, 0]);
  expect(submitted.stdout).toContain('submitted');
  expect(looked.stdout).toContain('in_progress');
  expect(collected.stdout).toContain('collected');
  expect(readRows(files, 'night')).toMatchObject(
    ['a', 'b'].map((id) => ({
      sample_id: id,
      answer: 'Mock batch completion',
      completion_tokens: tokens,
      latency_ms: '',
    })),
  );
});

test.each([
  ['failed', 'server'],
  ['expired', 'timeout'],
  ['cancelled', 'aborted'],
])('a batch that ends as %s leaves failures of the kind %s', async (outcome, kind) => {
  using files = folder(`, headers: {x-aimock-batch-outcome: ${outcome}}`);
  await batch(files, 'submit');
  await batch(files, 'status');

  expect(await batch(files, 'collect')).toMatchObject({ code: 3 });

  expect(readRows(files, 'night').map((row) => row['failure_kind'])).toEqual([kind, kind]);
});

test('a crash before anything was noted as sent finds the file and the batch', async () => {
  using files = folder();
  await batch(files, 'submit');
  const [part = '', , created = ''] = files.read('night/batches.jsonl').split('\n');
  files.write({ 'night/batches.jsonl': `${part}\n` });

  expect(await batch(files, 'submit')).toMatchObject({ code: 0 });

  expect(files.read('night/batches.jsonl')).toContain(JSON.parse(created).batchId);
});

test('a cancelled batch gives its cells back', async () => {
  using files = folder();
  await batch(files, 'submit');

  expect(await batch(files, 'cancel')).toMatchObject({ code: 0, stdout: expect.stringContaining('cancelling') });
  expect(await batch(files, 'collect')).toMatchObject({ code: 3 });

  expect(readRows(files, 'night').map((row) => row['failure_kind'])).toEqual(['aborted', 'aborted']);
  expect(await batch(files, 'submit')).toMatchObject({ code: 0 });
});
