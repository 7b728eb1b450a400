import { beforeAll, expect, test } from 'vitest';
import type { Answerer } from '../helpers/batch-vendor.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { LOADING_MS, loadBatch } from '../helpers/load-batch.ts';
import { messageOf, resultLine, startMessageBatches } from '../helpers/message-batches.ts';
import { readRows } from '../helpers/tables.ts';

beforeAll(loadBatch, LOADING_MS);

const IO = { env: { KEY: 'anthropic-key-1234' } };

function folder(url: string, ids = 'ab'): Workspace {
  return workspace({
    'manifest.csv': `id,prompt,target\n${[...ids].map((id) => `${id},${id},${id}\n`).join('')}`,
    'earsight.config.yaml': `dataset: manifest.csv
models: [{id: claude, provider: anthropic, endpoint: "${url}", model: claude-haiku-4-5, auth: {type: key, env: KEY}, params: {maxTokens: 50}}]
scorers: [exact]
reporters: [csv]
`,
  });
}

const submit = (files: Workspace) => files.run(['batch', 'submit', 'night'], IO);
const collect = (files: Workspace) => files.run(['batch', 'collect', 'night'], IO);
const failuresOf = (files: Workspace) => readRows(files, 'night').map((row) => row['failure_kind']);

test('all requests go in one call, and results are read at the configured host only', async () => {
  await using vendor = await startMessageBatches();
  using files = folder(vendor.endpoint.url);

  await submit(files);
  vendor.end();
  await collect(files);

  const [created] = vendor.endpoint.requests;
  expect(created).toMatchObject({
    path: '/v1/messages/batches',
    headers: { 'x-api-key': 'anthropic-key-1234', 'anthropic-version': '2023-06-01' },
    json: {
      requests: [
        { params: { model: 'claude-haiku-4-5', max_tokens: 50, messages: [{ role: 'user' }] } },
        { params: { model: 'claude-haiku-4-5' } },
      ],
    },
  });
  expect(vendor.endpoint.requests.at(-1)?.path).toBe('/v1/messages/batches/msgbatch_1/results');
  expect(readRows(files, 'night').map((row) => row['answer'])).toEqual(['a', 'b']);
});

test('errored, cancelled, expired, missing and odd results each end their cell once', async () => {
  const errored = (type: string) => ({
    type: 'errored',
    error: { type: 'error', error: { type, message: `it is ${type}` } },
  });
  const results: readonly (object | null)[] = [
    { type: 'canceled' },
    { type: 'expired' },
    errored('invalid_request_error'),
    errored('overloaded_error'),
    errored('rate_limit_error'),
    null,
    { type: 'postponed' },
  ];
  const answer: Answerer = (request, index) => {
    const result = index === 7 ? { type: 'succeeded', message: messageOf(request) } : results[index];
    return result ? { line: resultLine(request, result) } : null;
  };
  await using vendor = await startMessageBatches({ answer });
  using files = folder(vendor.endpoint.url, 'abcdefgh');
  await submit(files);
  vendor.end();

  expect(await collect(files)).toMatchObject({ code: 3 });

  expect(failuresOf(files)).toEqual([
    'aborted',
    'timeout',
    'bad_request',
    'server',
    'rate_limit',
    'server',
    'invalid_response',
    '',
  ]);
  expect(files.read('night/journal.jsonl').match(/"type":"result"/g)).toHaveLength(8);
});

test('after a crash, the nearest batch with as many requests is taken, whatever page it is on', async () => {
  await using vendor = await startMessageBatches();
  using files = folder(vendor.endpoint.url);
  await submit(files);
  const [own] = vendor.batches.values();
  const requests = own?.requests ?? [];
  for (const minutes of [-5, 1, 2, 3]) vendor.add(requests, Date.now() + minutes * 60_000);
  vendor.add(requests.slice(1), Date.now());
  files.write({ 'night/batches.jsonl': `${files.read('night/batches.jsonl').split('\n')[0]}\n` });

  expect(await submit(files)).toMatchObject({ code: 0 });

  expect(files.read('night/batches.jsonl')).toContain(`"batchId":"${own?.id}"`);
  expect(vendor.batches.size).toBe(6);
});

test('a batch of somebody else that was taken for our own gives its cells back when it is collected', async () => {
  await using vendor = await startMessageBatches();
  using files = folder(vendor.endpoint.url);
  await submit(files);
  const [own] = vendor.batches.values();
  vendor.batches.clear();
  vendor.add(
    (own?.requests ?? []).map((request, index) => ({ ...request, customId: `other-${index}` })),
    Date.now(),
  );
  vendor.end();

  const { code, stderr } = await collect(files);

  expect(code).toBe(3);
  expect(stderr).toContain(
    'claude: batch msgbatch_1 has results of other requests only: its cells are to be submitted again',
  );
  expect(await submit(files)).toMatchObject({ code: 0 });
  expect(vendor.batches.size).toBe(2);
});

test('results that are no longer kept leave failures that can be asked again', async () => {
  await using vendor = await startMessageBatches();
  using files = folder(vendor.endpoint.url);
  await submit(files);
  vendor.end();
  vendor.intercept((request, when) =>
    when === 'before' && request.path.endsWith('/results')
      ? { status: 404, json: { error: { message: 'archived' } } }
      : undefined,
  );

  expect(await collect(files)).toMatchObject({ code: 3 });

  expect(failuresOf(files)).toEqual(['server', 'server']);
  expect(await submit(files)).toMatchObject({ code: 0 });
  expect(vendor.batches.size).toBe(2);
});

test('a batch that is being cancelled has not ended', async () => {
  await using vendor = await startMessageBatches({
    answer: (request) => ({ line: resultLine(request, { type: 'canceled' }) }),
  });
  using files = folder(vendor.endpoint.url);
  await submit(files);

  const cancelled = await files.run(['batch', 'cancel', 'night'], IO);
  const early = await collect(files);
  vendor.end();
  await collect(files);

  expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringContaining('canceling') });
  expect(early).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('2 requests in batches without results yet'),
  });
  expect(failuresOf(files)).toEqual(['aborted', 'aborted']);
});
