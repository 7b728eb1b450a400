import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DEFAULTS } from '../../src/config/defaults.ts';
import { connectQueue } from '../../src/queue/connect.ts';
import { activeRunKey, runNames } from '../../src/queue/names.ts';
import { version } from '../../src/version.ts';
import { workspace } from '../helpers/cli.ts';
import { startEndpoint } from '../helpers/endpoint.ts';
import { NO_REDIS, startRedis, type TestRedis } from '../helpers/redis.ts';

vi.setConfig({ testTimeout: 120_000 });

let redis: TestRedis;
const { prefix } = DEFAULTS.queue;
const MODELS = ['a', 'b']
  .map((id) => `  - {id: ${id}, provider: openai, endpoint: "http://127.0.0.1:1/v1", model: m, auth: {type: none}}\n`)
  .join('');
const folder = (models = '', scorers = '[exact]') =>
  workspace({
    'manifest.csv': 'id,prompt,target\ns1,question,yes\n',
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n${MODELS}${models}scorers: ${scorers}\n`,
  });

describe.skipIf(NO_REDIS !== null)('what does not go with a queue is said, and no run is written', () => {
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  const rejected = async (argv: readonly string[], use = folder()) => {
    using here = use;
    const before = here.list('.');
    const { code, stderr } = await here.run(argv);
    expect(here.list('.')).toEqual(before);
    return { code, stderr };
  };
  /** What stands in Redis while `argv` runs. */
  const withRun = async (id: string, document: object | null, argv: readonly string[]) => {
    const { redis: client, close } = await connectQueue({ ...DEFAULTS.queue, url: redis.url }, { say() {} });
    const names = runNames(prefix, id);
    await client.set(activeRunKey(prefix), id);
    if (document !== null) await client.hset(names.run, { document: JSON.stringify(document), state: 'running' });
    try {
      return await rejected(argv);
    } finally {
      await client.del(activeRunKey(prefix), names.run);
      await close();
    }
  };
  const run = (...more: readonly string[]) => ['run', '--queue', redis.url, '--out', 'out', ...more];

  test.each([
    ['--stop-when-decided', ['--stop-when-decided']],
    ['--cache', ['--cache']],
    ['--concurrency', ['--concurrency', '3']],
    ['--trace', ['--trace', 'trace.jsonl']],
  ])('%s', async (name, options) => {
    expect(await rejected(run(...options))).toEqual({
      code: 2,
      stderr: expect.stringContaining(`${name} does not go with a queue · omit one of them`),
    });
  });

  test('a judge, which scores when the run has ended', async () => {
    const judge =
      '  - {id: j, role: judge, provider: openai, endpoint: "http://127.0.0.1:1/v1", model: j, auth: {type: none}}\n';
    expect(await rejected(run(), folder(judge, '[{name: judge, model: j}]'))).toEqual({
      code: 2,
      stderr: expect.stringContaining(
        'the scorer judge does not go with a queue · leave it out, and use earsight score when the run has ended',
      ),
    });
  });

  test('another run in the queue', async () => {
    expect(await withRun('20260101T000000Z-other-abcdef.2', null, run())).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /the queue at 127\.0\.0\.1:\d+ holds the run 20260101T000000Z-other-abcdef, which has not ended · resume that run first, or give this one another queue\.prefix\n/,
      ),
    });
  });

  test('a run of another version, at a worker', async () => {
    const document = { version: '0.0.1', runId: 'r' };
    expect(await withRun('r', document, ['worker', '--queue', redis.url])).toEqual({
      code: 2,
      stderr: `the run in the queue is of earsight "0.0.1", this is ${version()} · use the same version on all machines\n`,
    });
  });

  test('a document that nobody can read, at a worker', async () => {
    const { code, stderr } = await withRun('r', { other: 1 }, ['worker', '--queue', redis.url]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('is of earsight another version') });
  });
});

test('the queue of a worker that is not named', async () => {
  using here = workspace();
  expect(await here.run(['worker'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no --queue given · for example --queue redis://127.0.0.1:6379'),
  });
});

test.skipIf(NO_REDIS !== null)('a server that is not Redis', async () => {
  await using server = await startEndpoint();
  using here = workspace();
  const { code, stderr } = await here.run(['status', '--queue', server.url.replace('http:', 'redis:')]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `the server at 127.0.0.1:${server.port} does not answer as Redis does · check host and port\n`,
  });
});
