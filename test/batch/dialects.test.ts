/** What holds for every batch API: each cell ends once, nothing is made twice, the price has the discount, there is no latency. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fetchRun } from '../../src/batch/collect-run.ts';
import { openBatchRun } from '../../src/batch/open-batch-run.ts';
import { BATCH_DIALECTS, type BatchDialect } from '../helpers/batch-dialects.ts';
import type { VendorOptions } from '../helpers/batch-vendor.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import type { CapturedRequest } from '../helpers/endpoint.ts';
import { LOADING_MS, loadBatch } from '../helpers/load-batch.ts';
import { pngBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

beforeAll(loadBatch, LOADING_MS);

/** Those whose clients differ. */
const CRASHED = BATCH_DIALECTS.filter(({ name }) =>
  ['openai', 'openai responses', 'azure', 'anthropic'].includes(name),
);

const IO = { env: { KEY: 'sk-secret-key-1234' } };
const PRICE = 'price: {promptPerMillion: 1, completionPerMillion: 2, batchDiscount: 0.5}';

function folder({ model }: BatchDialect, url: string): Workspace {
  return workspace({
    'manifest.csv': 'id,prompt,target\na,red,red\nb,blue,blue\nc,green,teal\n',
    'earsight.config.yaml': `dataset: manifest.csv
models: [{id: m, ${model(url)}, stream: true, auth: {type: key, env: KEY}, ${PRICE}}]
scorers: [exact]
reporters: [csv]
`,
  });
}

const submit = (files: Workspace) => files.run(['batch', 'submit', 'night'], IO);
const collect = (files: Workspace) => files.run(['batch', 'collect', 'night'], IO);
const answersOf = (files: Workspace) => readRows(files, 'night').map((row) => row['answer']);
const resultsIn = (files: Workspace) => files.read('night/journal.jsonl').match(/"type":"result"/g)?.length ?? 0;
const postsOf = (requests: readonly CapturedRequest[]) =>
  requests.filter(({ method }) => method === 'POST').map(({ path }) => path);

/** As after a crash right after this step was noted. */
function keepThrough(files: Workspace, type: string): void {
  const path = join(files.directory, 'night/batches.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n');
  const last = lines.findIndex((line) => line.includes(`"type":"${type}"`));
  writeFileSync(path, `${lines.slice(0, last + 1).join('\n')}\n`);
}

/** The files of all parts, and the log. */
function snapshot(files: Workspace): Readonly<Record<string, string>> {
  const names = [...files.list('night/batches').map((name) => `night/batches/${name}`), 'night/batches.jsonl'];
  return Object.fromEntries(names.map((name) => [name, files.read(name)]));
}

const rejects =
  (path: string): NonNullable<VendorOptions['intercept']> =>
  (request, when) =>
    when === 'before' && request.method === 'POST' && request.path === path
      ? { status: 401, json: { error: { message: 'wrong key', type: 'authentication_error' } } }
      : undefined;

const named = (dialects: readonly BatchDialect[]) => dialects.map((dialect) => [dialect.name, dialect] as const);

describe.each(named(BATCH_DIALECTS))('%s', (_name, dialect) => {
  test('answers each cell once, with the discount and without times', async () => {
    await using vendor = await dialect.start();
    using files = folder(dialect, vendor.endpoint.url);

    expect(await submit(files)).toMatchObject({ code: 0 });
    vendor.end();
    const { code, stdout } = await collect(files);

    expect(code).toBe(0);
    expect(stdout).toContain('66.7%');
    const times = { latency_ms: '', first_token_ms: '', queue_ms: '', retry_wait_ms: '', started_at: '' };
    expect(readRows(files, 'night')).toMatchObject(
      [
        ['a', 'red'],
        ['b', 'blue'],
        ['c', 'green'],
      ].map(([id, answer]) => ({ sample_id: id, answer, status: 'completed', cost_usd: '0.0006', ...times })),
    );
    expect(resultsIn(files)).toBe(3);
    expect(postsOf(vendor.endpoint.requests)).toEqual(dialect.posts);
    expect(vendor.endpoint.requests[0]?.body).not.toContain('"stream"');
    expect(files.list('night').filter((name) => files.read(`night/${name}`).includes('sk-secret'))).toEqual([]);
  });
});

describe.each(named(CRASHED))('%s', (_name, dialect) => {
  test('images go with their bytes', async () => {
    await using vendor = await dialect.start();
    using files = folder(dialect, vendor.endpoint.url);
    const png = pngBytes({ width: 2, height: 2 });
    files.write({ 'red.png': png, 'manifest.csv': 'id,prompt,image\na,red,red.png\n' });

    expect(await submit(files)).toMatchObject({ code: 0 });

    expect(vendor.endpoint.requests[0]?.body).toContain(png.toString('base64'));
  });

  test.each(dialect.posts)('goes on from a rejected POST %s and makes one batch', async (path) => {
    await using vendor = await dialect.start({ intercept: rejects(path) });
    using files = folder(dialect, vendor.endpoint.url);

    expect(await submit(files)).toMatchObject({ code: 3 });
    vendor.intercept(undefined);
    expect(await submit(files)).toMatchObject({ code: 0 });
    vendor.end();
    await collect(files);

    expect(vendor.batches.size).toBe(1);
    expect(answersOf(files)).toEqual(['red', 'blue', 'green']);
  });

  test.each(dialect.posts)('looks for what a lost reply to POST %s left', async (path) => {
    let lost = 0;
    await using vendor = await dialect.start({
      intercept: (request, when) =>
        when === 'after' && request.method === 'POST' && request.path === path && lost++ === 0
          ? { reset: 'before' }
          : undefined,
    });
    using files = folder(dialect, vendor.endpoint.url);

    expect(await submit(files)).toMatchObject({ code: 0 });

    expect(vendor.batches.size).toBe(1);
    expect(postsOf(vendor.endpoint.requests)).toEqual(dialect.posts);
  });

  const steps = dialect.posts.length === 1 ? ['part'] : ['part', 'uploaded'];
  test.each(steps)('makes no second batch after a crash behind the step %s', async (step) => {
    await using vendor = await dialect.start();
    using files = folder(dialect, vendor.endpoint.url);
    await submit(files);
    keepThrough(files, step);

    expect(await submit(files)).toMatchObject({ code: 0 });
    vendor.end();
    await collect(files);

    expect(postsOf(vendor.endpoint.requests)).toEqual(dialect.posts);
    expect(answersOf(files)).toEqual(['red', 'blue', 'green']);
  });

  test('keeps each answer once after a crash during the collection', async () => {
    await using vendor = await dialect.start();
    using files = folder(dialect, vendor.endpoint.url);
    await submit(files);
    vendor.end();
    const io = {
      ...IO,
      cwd: files.directory,
      stop: new AbortController().signal,
      stdout: SINK,
      stderr: SINK,
      now: Date.now,
    };
    const options = { clock: createVirtualClock(), random: () => 0, wait: false, say: () => {} };
    await fetchRun(await openBatchRun('night', {}, io), options, io);
    const copied = snapshot(files);
    await collect(files);
    const lines = files.read('night/journal.jsonl').split('\n');
    const first = lines.findIndex((line) => line.includes('"type":"result"'));
    files.write({ ...copied, 'night/journal.jsonl': `${lines.slice(0, first + 1).join('\n')}\n` });
    const asked = vendor.endpoint.requests.length;

    expect(await collect(files)).toMatchObject({ code: 0 });

    expect(answersOf(files)).toEqual(['red', 'blue', 'green']);
    expect(resultsIn(files)).toBe(3);
    expect(vendor.endpoint.requests.length).toBe(asked);
  });
});

const SINK = { write: () => true, columns: 80 };
