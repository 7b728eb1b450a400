import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listener, type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { NO_REDIS, startRedis, type TestRedis } from '../helpers/redis.ts';
import { readRows } from '../helpers/tables.ts';

vi.setConfig({ testTimeout: 120_000 });

let redis: TestRedis;
let endpoint: Endpoint;
let folder: Workspace;

describe.skipIf(NO_REDIS !== null)('keys of workers', () => {
  beforeEach(async () => {
    redis = await startRedis();
    endpoint = await startEndpoint(() => ({ json: chatCompletion('yes') }));
    const model = (id: string) =>
      `  - {id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: key, env: KEY_${id}}}\n`;
    folder = workspace({
      'manifest.csv': 'id,prompt,target\ns1,question,yes\ns2,question,yes\n',
      'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n${model('a')}${model('b')}scorers: [exact]\nreporters: [csv]\n`,
    });
  });
  afterEach(async () => {
    folder[Symbol.dispose]();
    await endpoint.close();
    await redis[Symbol.asyncDispose]();
  });
  const KEY_a = { KEY_a: 'k-0f1e2d3c4b5a6978' };
  const KEY_b = { KEY_b: 'k-1f1e2d3c4b5a6978' };

  test('the last worker, the coordinator and status say what is missing, until a worker has it', async () => {
    const missing = 'no worker asks a: the variable KEY_a is not set';
    const [ofRun, ofWorker] = [listener(), listener()];
    const running = folder.run(['run', '--queue', redis.url, '--out', 'out'], { stderr: ofRun.stderr });
    const working = folder.run(['worker', '--queue', redis.url, '--out', 'w1'], {
      env: KEY_b,
      stderr: ofWorker.stderr,
    });
    await Promise.all([ofRun.says(missing), ofWorker.says(missing)]);
    const { stdout } = await folder.run(['status', '--queue', redis.url]);
    await folder.run(['worker', '--queue', redis.url, '--out', 'w2'], { env: KEY_a });

    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^\S+ \(running\)$/),
      expect.stringMatching(/^2 of 4 cells · 0 in hand · \d+ tokens a minute · /),
      missing,
      expect.stringMatching(/^worker +cells +in hand +models$/),
      expect.stringMatching(/^\S+ +2 +0 +b$/),
      '',
    ]);
    expect((await running).code).toBe(0);
    expect((await working).code).toBe(0);
    const after = await folder.run(['status', '--queue', redis.url]);
    expect(after.stdout).toMatch(/\(ended\)\n4 of 4 cells · 0 in hand/);
  });

  test('a worker without any key ends and names each', async () => {
    const stop = new AbortController();
    const running = folder.run(['run', '--queue', redis.url, '--out', 'out'], { stop: stop.signal });
    const { code, stderr } = await folder.run(['worker', '--queue', redis.url], {});
    stop.abort(130);

    expect(code).toBe(2);
    expect(stderr.replace(/^waiting for .*\n/, '')).toBe(
      ['a', 'b']
        .map((id) => `cannot ask "${id}": the variable KEY_${id} is not set · set it in the environment or in .env\n`)
        .join(''),
    );
    expect((await running).code).toBe(130);
  });

  test('a worker with the key of a model asks it without a medium, too', async () => {
    const config = folder.read('earsight.config.yaml').replace('model: m,', 'model: m, modalities: [text, image],');
    folder.write({
      'earsight.config.yaml': config,
      'manifest.csv': 'id,prompt,image,target\ns1,question,1.png,yes\n',
      '1.png': pngBytes(),
    });
    const [run, worker] = await Promise.all([
      folder.run(['run', '--queue', redis.url, '--out', 'out', '--model', 'a', '--ablate', 'image']),
      folder.run(['worker', '--queue', redis.url], { env: KEY_a }),
    ]);

    expect([run.code, worker.code]).toEqual([0, 0]);
    expect(readRows(folder, 'out').map((row) => [row['model'], row['status']])).toEqual([
      ['a', 'completed'],
      ['a@no-image', 'completed'],
    ]);
  });
});
