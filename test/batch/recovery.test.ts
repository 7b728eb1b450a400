import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { startVendor, type VendorOptions } from '../helpers/batch-vendor.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { LOADING_MS, loadBatch } from '../helpers/load-batch.ts';

beforeAll(loadBatch, LOADING_MS);

const IO = { env: { KEY: 'sk-secret-key-1234' } };

function folder(url: string): Workspace {
  return workspace({
    'manifest.csv': 'id,prompt,target\na,red,red\nb,blue,blue\n',
    'earsight.config.yaml': `dataset: manifest.csv
models:
  - {id: mini, provider: openai, endpoint: "${url}/v1", model: gpt-4o-mini, auth: {type: key, env: KEY}}
scorers: [exact]
reporters: [csv]
`,
  });
}

const answersOf = (files: Workspace) =>
  (parse(files.read('night/results.csv'), { columns: true }) as Record<string, string>[]).map((row) => row['answer']);

/** The lines of the log that a crash left. */
function keepSteps(files: Workspace, count: number, torn = ''): void {
  const path = join(files.directory, 'night/batches.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, count);
  writeFileSync(path, `${lines.map((line) => `${line}\n`).join('')}${torn}`);
}

const rejects = (method: string, path: string): NonNullable<VendorOptions['intercept']> => {
  return (request, when) =>
    when === 'before' && request.method === method && request.path === path
      ? { status: 401, json: { error: { message: 'Incorrect API key', code: 'invalid_api_key' } } }
      : undefined;
};

test.each([
  [1, '{"type":"uploa'],
  [2, '{"type":"created","part":"0001"'],
])('a crash after %i steps (%s) uploads nothing twice and makes no second batch', async (steps, torn) => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  keepSteps(files, steps, torn);

  const { code, stderr } = await files.run(['batch', 'submit', 'night'], IO);
  vendor.end();
  await files.run(['batch', 'collect', 'night'], IO);

  expect(stderr).toContain('1 part of an interrupted submission is completed first');
  expect(code).toBe(0);
  expect(vendor.batches.size).toBe(1);
  expect([...vendor.files.values()].filter(({ filename }) => filename.startsWith('earsight-'))).toHaveLength(1);
  expect(answersOf(files)).toEqual(['red', 'blue']);
});

test('files of a part that a crash left incomplete are removed, and its cells are written again', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  keepSteps(files, 0);
  files.write({ 'night/batches/0001.requests': '{"custom_id":"to', 'night/batches/0001.cells': '"k' });
  vendor.files.clear();
  vendor.batches.clear();

  expect(await files.run(['batch', 'submit', 'night'], IO)).toMatchObject({ code: 0 });

  expect(vendor.batches.size).toBe(1);
  expect(existsSync(join(files.directory, 'night/batches/0001.requests'))).toBe(false);
});

test('an uploaded file that was deleted before its batch was created is uploaded again', async () => {
  await using vendor = await startVendor({ intercept: rejects('POST', '/v1/batches') });
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.files.clear();
  vendor.intercept(undefined);

  expect(await files.run(['batch', 'submit', 'night'], IO)).toMatchObject({ code: 0 });

  expect(vendor.files.size).toBe(1);
  expect(vendor.batches.size).toBe(1);
});

test('a result file that was deleted leaves failures that can be asked again', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.end();
  vendor.files.delete('file-2');

  const { code, stderr } = await files.run(['batch', 'collect', 'night'], IO);

  expect(code).toBe(3);
  expect(stderr).toContain('2 of 2 answers are missing, 100.0 % (2 server)');
  expect(files.read('night/results.csv')).toContain('the answer of the batch is lost: its output file was deleted');
  expect(await files.run(['batch', 'submit', 'night'], IO)).toMatchObject({ code: 0 });
  expect(vendor.batches.size).toBe(2);
});

test('a batch of another resource is a problem, and its cells stay with it until it is forgotten', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.batches.clear();

  const status = await files.run(['batch', 'status', 'night'], IO);
  const collected = await files.run(['batch', 'collect', 'night'], IO);
  const cancelled = await files.run(['batch', 'cancel', 'night'], IO);

  const problem = 'mini: batch batch_1 is not known at this endpoint';
  for (const outcome of [status, collected, cancelled]) {
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain(problem);
  }
  expect(await files.run(['run', '--resume', 'night'], IO)).toMatchObject({ code: 2 });
  expect(await files.run(['batch', 'cancel', 'night', '--forget'], IO)).toMatchObject({ code: 0 });
  expect(await files.run(['run', '--resume', 'night'], IO)).toMatchObject({ code: 0 });
});

test('a cancelled batch gives what it completed, and the rest can be asked again', async () => {
  await using vendor = await startVendor({
    answer: (request, index) =>
      index === 0
        ? {
            line: {
              custom_id: request.customId,
              response: {
                status_code: 200,
                body: { choices: [{ message: { content: 'red' }, finish_reason: 'stop' }], usage: null },
              },
            },
          }
        : { errors: true, line: { custom_id: request.customId, error: { code: 'batch_cancelled', message: 'x' } } },
  });
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);

  const cancelled = await files.run(['batch', 'cancel', 'night'], IO);
  expect(cancelled.code).toBe(0);
  expect(cancelled.stdout).toContain('cancelling');
  vendor.end('cancelled');
  await files.run(['batch', 'collect', 'night'], IO);

  expect(answersOf(files)).toEqual(['red', '']);
  expect(files.read('night/results.csv')).toContain('the batch was cancelled before this request was started');
});

test('a batch that was never created is cancelled without a request to make it', async () => {
  await using vendor = await startVendor({ intercept: rejects('POST', '/v1/batches') });
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.intercept(undefined);

  const { code, stdout } = await files.run(['batch', 'cancel', 'night'], IO);

  expect(code).toBe(0);
  expect(stdout).toContain('dropped');
  expect(vendor.batches.size).toBe(0);
});

test('throttled looks are repeated after the time that the endpoint names', async () => {
  let throttled = 0;
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.end();
  vendor.intercept((request, when) =>
    when === 'before' && request.method === 'GET' && throttled++ % 2 === 0
      ? { status: 429, headers: { 'retry-after-ms': '1' }, json: { error: { message: 'slow down' } } }
      : undefined,
  );

  expect(await files.run(['batch', 'collect', 'night'], IO)).toMatchObject({ code: 0 });

  expect(throttled).toBeGreaterThan(2);
  expect(answersOf(files)).toEqual(['red', 'blue']);
});

test.each([
  [['batch', 'collect', 'nothing'], 'nothing is not a run folder (no run.json)'],
  [['batch', 'collect', 'live'], 'live has no batches'],
  [['batch', 'status', 'live'], 'make them of its missing cells with earsight batch submit live'],
  [['batch', 'cancel', 'live', '--wait'], 'batch cancel does not take --wait · it is an option of batch collect'],
  [['batch', 'status', 'live', '--limit', '1'], 'batch status does not take --limit'],
  [['batch', 'status'], 'no run given · usage: earsight batch <action> <run>'],
  [['batch', 'colect', 'live'], 'unknown action "colect" of batch · did you mean "collect"?'],
])('%j says what is wrong before anything is sent', async (argv, message) => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['run', '--out', 'live'], IO);
  const { length } = vendor.endpoint.requests;

  const { code, stderr } = await files.run(argv, IO);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(vendor.endpoint.requests.length).toBe(length);
});

test.each([
  ['{"type":"part"}\n', 1],
  ['not JSON\n', 1],
  ['{"type":"created","part":"0001","at":"2026-11-30T00:00:00.000Z","batchId":"b"}\n', 1],
])('a damaged log (%s) is a problem with its line', async (text, line) => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['run', '--out', 'live'], IO);
  files.write({ 'live/batches.jsonl': text });

  const { code, stderr } = await files.run(['run', '--resume', 'live'], IO);

  expect(code).toBe(2);
  expect(stderr).toContain(`batches.jsonl:${line} is damaged`);
});

test('a lost list of cells is a problem, and nothing of its batch is sent again', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.end();
  rmSync(join(files.directory, 'night/batches/0001.cells'));

  for (const action of ['collect', 'submit']) {
    const { code, stderr } = await files.run(['batch', action, 'night'], IO);
    expect(code).toBe(2);
    expect(stderr).toContain('0001.cells is missing or incomplete · restore it from a copy');
  }
  expect(vendor.batches.size).toBe(1);
});

test('further commands are named with the configuration that was given', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  files.write({ 'other.yaml': files.read('earsight.config.yaml') });

  const submitted = await files.run(['batch', 'submit', 'night', '--config', 'other.yaml'], IO);
  vendor.batches.clear();
  const looked = await files.run(['batch', 'status', 'night', '--config', 'other.yaml'], IO);

  expect(submitted.stderr).toContain('collect them with: earsight batch collect night --config other.yaml\n');
  expect(looked.stderr).toContain('earsight batch cancel night --config other.yaml --forget gives its cells back');
});

test('a lost file of requests is a problem that names what to do', async () => {
  await using vendor = await startVendor({ intercept: rejects('POST', '/v1/files') });
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.intercept(undefined);
  rmSync(join(files.directory, 'night/batches/0001.requests'));

  const { code, stderr } = await files.run(['batch', 'submit', 'night'], IO);
  expect(code).toBe(3);
  expect(stderr).toContain(
    'mini: part 0001 was not submitted: its file of requests is gone or was changed · give its cells back',
  );

  expect(await files.run(['batch', 'cancel', 'night'], IO)).toMatchObject({ code: 0 });
  expect(await files.run(['batch', 'submit', 'night'], IO)).toMatchObject({ code: 0 });
  expect(vendor.batches.size).toBe(1);
});

test.each([
  ['/v1/files', 'before'],
  ['/v1/batches', 'after'],
] as const)('a stop during POST %s loses nothing and doubles nothing', async (path, when) => {
  const stop = new AbortController();
  await using vendor = await startVendor({
    intercept: (request, at) => {
      if (at !== when || request.method !== 'POST' || request.path !== path) return undefined;
      stop.abort(130);
      return { hang: true };
    },
  });
  using files = folder(vendor.endpoint.url);

  expect(await files.run(['batch', 'submit', 'night'], { ...IO, stop: stop.signal })).toMatchObject({ code: 130 });
  vendor.intercept(undefined);
  expect(await files.run(['batch', 'submit', 'night'], IO)).toMatchObject({ code: 0 });
  vendor.end();
  await files.run(['batch', 'collect', 'night'], IO);

  expect(vendor.batches.size).toBe(1);
  expect(answersOf(files)).toEqual(['red', 'blue']);
});

test('a stop while results are copied leaves them to the next collection', async () => {
  const stop = new AbortController();
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night'], IO);
  vendor.end();
  vendor.intercept((request, when) => {
    if (when === 'before' || !request.path.endsWith('/content')) return undefined;
    stop.abort(143);
    return { chunks: ['{"custom_id":"to'], reset: 'after' };
  });

  expect(await files.run(['batch', 'collect', 'night'], { ...IO, stop: stop.signal })).toMatchObject({ code: 143 });
  expect(files.list('night/batches')).toEqual(['0001.cells']);
  vendor.intercept(undefined);
  expect(await files.run(['batch', 'collect', 'night'], IO)).toMatchObject({ code: 0 });

  expect(answersOf(files)).toEqual(['red', 'blue']);
});
