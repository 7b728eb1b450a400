import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { type Answerer, completionOf, outputLine, requestsIn, startVendor } from '../helpers/batch-vendor.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { LOADING_MS, loadBatch } from '../helpers/load-batch.ts';

beforeAll(loadBatch, LOADING_MS);

const MANIFEST = 'id,prompt,target\na,red,red\nb,blue,blue\nc,green,teal\n';
const KEY = 'sk-secret-key-1234';
const IO = { env: { KEY } };

function folder(url: string, more = ''): Workspace {
  return workspace({
    'manifest.csv': MANIFEST,
    'earsight.config.yaml': `dataset: manifest.csv
models:
  - {id: mini, provider: openai, endpoint: "${url}/v1", model: gpt-4o-mini, auth: {type: key, env: KEY}, params: {maxTokens: 100}}
scorers: [exact]
reporters: [csv]
${more}`,
  });
}

const rowsOf = (files: Workspace, run = 'night') =>
  parse(files.read(`${run}/results.csv`), { columns: true }) as Record<string, string>[];
const answersOf = (files: Workspace) => rowsOf(files).map((row) => [row['sample_id'], row['status'], row['answer']]);
const failuresOf = (files: Workspace) => rowsOf(files).map((row) => [row['sample_id'], row['failure_kind']]);

test('a run goes by batch and is collected with the discount, without latency, in the order of the manifest', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);

  expect(await files.run(['batch', 'submit', 'night'], IO)).toMatchObject({ code: 0 });
  const [uploaded] = vendor.files.values();
  const [created] = vendor.batches.values();
  vendor.end();
  const { code, stdout } = await files.run(['batch', 'collect', 'night'], IO);

  expect(uploaded?.text.startsWith('{"custom_id":"')).toBe(true);
  expect(uploaded?.text.split('\n').map((line) => line === '' || JSON.parse(line).url)).toEqual([
    '/v1/chat/completions',
    '/v1/chat/completions',
    '/v1/chat/completions',
    true,
  ]);
  expect(requestsIn(uploaded)[0]?.body).toEqual({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'red' }],
    max_tokens: 100,
  });
  expect(created).toMatchObject({ endpoint: '/v1/chat/completions', metadata: { earsight: uploaded?.filename } });
  expect(code).toBe(0);
  expect(stdout).toContain('66.7%');
  const half = String((1000 * 0.15 + 100 * 0.6) / 1e6 / 2);
  const times = { latency_ms: '', first_token_ms: '', queue_ms: '', retry_wait_ms: '', started_at: '' };
  expect(rowsOf(files)).toMatchObject([
    { sample_id: 'a', answer: 'red', score: '1', cost_usd: half, attempts: '1', ...times },
    { sample_id: 'b', answer: 'blue', score: '1', cost_usd: half, attempts: '1', ...times },
    { sample_id: 'c', answer: 'green', score: '0', cost_usd: half, attempts: '1', ...times },
  ]);
  expect(files.list('night').filter((name) => files.read(`night/${name}`).includes(KEY))).toEqual([]);
  expect(existsSync(join(files.directory, 'night/batches/0001.cells'))).toBe(false);
});

test('a batch that was collected is not asked for again', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.end();
  await files.run(['batch', 'collect', 'night'], IO);
  const journal = files.read('night/journal.jsonl');
  const { length } = vendor.endpoint.requests;

  expect(await files.run(['batch', 'collect', 'night'], IO)).toMatchObject({ code: 0 });
  expect(await files.run(['batch', 'submit', 'night'], IO)).toMatchObject({ code: 0 });
  expect(await files.run(['batch', 'status', 'night'], IO)).toMatchObject({ code: 0 });

  expect(vendor.endpoint.requests.length).toBe(length);
  expect(files.read('night/journal.jsonl')).toBe(journal);
});

test('answers, errors, filtered prompts, throttled requests and missing lines each end their cell once', async () => {
  const answer: Answerer = (request, index) =>
    [
      { line: outputLine(request) },
      {
        errors: true,
        line: outputLine(request, { error: { code: 'content_filter', message: 'The prompt was filtered.' } }, 400),
      },
      null,
      { errors: true, line: outputLine(request, { error: { message: 'Rate limit reached' } }, 429) },
      {
        errors: true,
        line: { id: 'x', custom_id: request.customId, response: null, error: { code: 'batch_expired' } },
      },
      { line: 'not JSON' },
      { line: outputLine({ ...request, customId: 'of-somebody-else' }) },
      { line: outputLine(request, completionOf(request, '')) },
    ][index] ?? null;
  await using vendor = await startVendor({ answer });
  using files = folder(vendor.endpoint.url);
  files.write({ 'manifest.csv': `id,prompt,target\n${[...'abcdefgh'].map((id) => `${id},${id},${id}\n`).join('')}` });

  await files.run(['batch', 'submit', 'night'], IO);
  vendor.end('expired');
  const { code, stderr } = await files.run(['batch', 'collect', 'night'], IO);

  expect(code).toBe(3);
  expect(failuresOf(files)).toEqual([
    ['a', ''],
    ['b', 'content_filter'],
    ['c', 'timeout'],
    ['d', 'rate_limit'],
    ['e', 'timeout'],
    ['f', 'timeout'],
    ['g', 'timeout'],
    ['h', ''],
  ]);
  expect(stderr).toContain('lines of its results that could not be read: 2 · they stay in batches/');
  expect(files.list('night/batches')).toContain('0001.output.jsonl');

  await files.run(['batch', 'submit', 'night'], IO);
  const again = requestsIn([...vendor.files.values()].at(-1)).map(({ body }) => body['messages']);
  expect(again).toHaveLength(5);
});

test.each([
  ['completed', null, 'server', 'the batch ended without a result for this request'],
  ['cancelled', null, 'aborted', 'the batch was cancelled before this request was started'],
  [
    'failed',
    { data: [{ code: 'token_limit_exceeded', message: 'Enqueued tokens' }] },
    'rate_limit',
    'the batch was rejected: Enqueued tokens',
  ],
  [
    'failed',
    { data: [{ code: 'model_not_found', message: 'No model' }] },
    'bad_request',
    'the batch was rejected: No model',
  ],
  ['failed', null, 'bad_request', 'the batch was rejected: its vendor gives no reason'],
])(
  'a batch without any result (%s, %j) leaves failures that can be asked again',
  async (status, errors, kind, message) => {
    await using vendor = await startVendor({ answer: () => null });
    using files = folder(vendor.endpoint.url);
    await files.run(['batch', 'submit', 'night'], IO);
    vendor.end(status);
    for (const batch of vendor.batches.values()) batch.errors = errors;

    expect(await files.run(['batch', 'collect', 'night'], IO)).toMatchObject({ code: 3 });

    expect(rowsOf(files).map((row) => [row['failure_kind'], row['failure_message'], row['cost_usd']])).toEqual(
      ['a', 'b', 'c'].map(() => [kind, message, '']),
    );
    expect(await files.run(['batch', 'submit', 'night'], IO)).toMatchObject({ code: 0 });
    expect(vendor.batches.size).toBe(2);
  },
);

test('a key that an answer echoes gets neither into the copied results nor into the journal', async () => {
  const answer: Answerer = (request, index) => ({
    line: index === 2 ? `torn ${KEY}` : outputLine(request, completionOf(request, `the "key" is ${KEY}`)),
  });
  await using vendor = await startVendor({ answer });
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.end();

  await files.run(['batch', 'collect', 'night'], IO);

  expect(answersOf(files)[0]).toEqual(['a', 'completed', 'the "key" is [redacted]']);
  expect(files.list('night/batches')).toEqual(['0001.cells', '0001.output.jsonl']);
  expect(files.list('night').filter((name) => files.read(`night/${name}`).includes(KEY))).toEqual([]);
});

test('commands say which cells wait in a batch, and ask none of them', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  const { length } = vendor.endpoint.requests;

  const resumed = await files.run(['run', '--resume', 'night'], IO);
  const merged = await files.run(['merge', 'night'], IO);
  const report = await files.run(['report', 'night'], IO);
  const compared = await files.run(['compare', 'night'], IO);

  expect(resumed).toMatchObject({ code: 2 });
  expect(resumed.stderr).toBe(
    'night 3 cells are in batches that are not collected · earsight batch collect night takes their answers; earsight batch cancel night stops them\n',
  );
  expect(merged).toMatchObject({ code: 2, stderr: resumed.stderr });
  expect(report.stderr).toContain('night: 3 cells are in batches that are not collected');
  expect(compared.stderr).toContain('night: 3 cells are in batches that are not collected');
  expect(vendor.endpoint.requests.length).toBe(length);
});

test('a live run and a batch run of the same manifest are compared sample by sample', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['run', '--out', 'live'], IO);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.end();
  await files.run(['batch', 'collect', 'night'], IO);

  const { code, stdout } = await files.run(['compare', 'live', 'night'], IO);

  expect(code).toBe(0);
  expect(stdout).toContain('3 samples');
});
