// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what is tested
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, type Reply, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { NO_REDIS, startRedis, type TestRedis } from '../helpers/redis.ts';
import { readRows } from '../helpers/tables.ts';

vi.setConfig({ testTimeout: 120_000 });

const SAMPLES = 6;
const SECRET = 'sv=2025&sig=Zx91QmPt%2Bb';
const MANIFEST = `id,prompt,image,target\n${Array.from({ length: SAMPLES }, (_, at) => `s${at},what is it?,images/${at}.png,yes`).join('\n')}\n`;
const images = Object.fromEntries(
  Array.from({ length: SAMPLES }, (_, at) => [`images/${at}.png`, pngBytes({ seed: at + 1 })]),
);

let redis: TestRedis;
let endpoint: Endpoint;
let storage: Endpoint;
/** What the storage has, below /set. */
let stored: Record<string, Reply>;
/** The coordinator's machine, and another one; they share nothing. */
let here: Workspace;
let there: Workspace;

const config = (dataset: string) =>
  `name: far\ndataset: ${dataset}\nmodels:\n  - {id: a, provider: openai, endpoint: "${endpoint.url}/v1", model: m, modalities: [text, image], auth: {type: key, env: KEY}, price: {promptPerMillion: 1, completionPerMillion: 1}}\nscorers: [exact]\nreporters: [csv, html]\n`;
const KEY = { KEY: 'k-0f1e2d3c4b5a6978' };

describe.skipIf(NO_REDIS !== null)('a worker on a machine without the files of the run', () => {
  beforeEach(async () => {
    redis = await startRedis();
    endpoint = await startEndpoint(() => ({ json: chatCompletion('yes') }));
    stored = Object.fromEntries(
      Object.entries({ ...images, 'manifest.csv': MANIFEST }).map(([name, body]) => [`/set/${name}`, { body }]),
    );
    storage = await startEndpoint(({ path, url }) =>
      url.endsWith(`?${SECRET}`) ? (stored[path] ?? { status: 404 }) : { status: 403 },
    );
    here = workspace({ 'manifest.csv': MANIFEST, ...images, 'earsight.config.yaml': config('manifest.csv') });
    there = workspace();
  });
  afterEach(async () => {
    here[Symbol.dispose]();
    there[Symbol.dispose]();
    await Promise.all([endpoint.close(), storage.close()]);
    await redis[Symbol.asyncDispose]();
  });

  const worker = (more: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    there.run(['worker', '--queue', redis.url, ...more], { env: { ...KEY, ...env } });
  /** Both outcomes; a worker that fails ends the run, which would wait for another one. */
  const together = async (env: Readonly<Record<string, string>>) => {
    const stop = new AbortController();
    const running = here.run(['run', '--queue', redis.url, '--out', 'run'], { env, stop: stop.signal });
    const one = await worker([], env);
    if (one.code !== 0) stop.abort(130);
    expect(one).toMatchObject({ code: 0 });
    return [await running, one] as const;
  };
  const nothingTells = (...outcomes: readonly { readonly stdout: string; readonly stderr: string }[]) => {
    for (const { stdout, stderr } of outcomes) expect(stdout + stderr).not.toMatch(/Zx91QmPt|sig=/);
    for (const folder of [here, there])
      for (const name of folder.list('.')) expect(folder.read(name)).not.toMatch(/Zx91QmPt|sig=Z/);
  };

  test('completes its cells with the URL of the manifest, whose media are beside it', async () => {
    const [run, one] = await together({ EARSIGHT_DATASET: `${storage.url}/set/manifest.csv?${SECRET}` });

    expect(run.code).toBe(0);
    expect(readRows(here, 'run').map((row) => [row['status'], row['images'], row['score']])).toEqual(
      Array.from({ length: SAMPLES }, (_, at) => ['completed', `images/${at}.png`, '1']),
    );
    expect(endpoint.requests).toHaveLength(SAMPLES);
    expect(there.list('.').filter((name) => name.includes('manifest'))).toEqual([]);
    nothingTells(run, one);
  });

  test('completes its cells with the URL that the configuration names, and its signature', async () => {
    here.write({
      'earsight.config.yaml': config(`{path: manifest.csv, mediaRoot: "${storage.url}/set?\${SAS}"}`),
    });
    // The coordinator has the manifest only, and the worker nothing.
    for (const name of Object.keys(images)) here.write({ [name]: 'other bytes' });
    const [run, one] = await together({ SAS: SECRET });

    expect(run.code).toBe(0);
    expect(readRows(here, 'run').every((row) => row['status'] === 'completed')).toBe(true);
    // Each medium once for the coordinator and once for the worker, which share what this process keeps.
    expect(storage.requests.filter(({ path }) => path.endsWith('.png'))).toHaveLength(SAMPLES);
    expect(JSON.parse(here.read('run/run.json')).dataset.mediaRoot).toBe(`${storage.url}/set`);
    nothingTells(run, one);
  });

  test('says what it cannot read and what differs, and sends nothing', async () => {
    const stop = new AbortController();
    const running = here.run(['run', '--queue', redis.url, '--out', 'run'], { stop: stop.signal });
    stored['/changed/manifest.csv'] = { body: MANIFEST.replace('3.png,yes', '3.png,no') };
    stored['/changed/medium.csv'] = { body: MANIFEST.replace('images/3.png', 'images/4.png') };
    const whole = `${storage.url}/set?${SECRET}`;
    const changed = (name: string) => ({
      EARSIGHT_DATASET: `${storage.url}/changed/${name}?${SECRET}`,
      EARSIGHT_MEDIA_ROOT: whole,
    });
    const cases = [
      [{}, 'manifest.csv is not on this machine · share the folder'],
      [{ EARSIGHT_DATASET: `${storage.url}/set/manifest.csv?sig=old` }, 'manifest.csv cannot be read (status 403)'],
      [{ EARSIGHT_DATASET: 'http://store.example/m.csv?sig=old' }, '--dataset is not encrypted'],
      [{ EARSIGHT_MEDIA_ROOT: `${storage.url}/other?${SECRET}` }, 'manifest.csv does not exist (status 404)'],
      [
        {
          EARSIGHT_DATASET: `${storage.url}/set/manifest.csv?${SECRET}`,
          EARSIGHT_MEDIA_ROOT: `${storage.url}/other?${SECRET}`,
        },
        'image "images/0.png" does not exist (status 404) · paths are relative to mediaRoot',
      ],
      [changed('manifest.csv'), 'manifest.csv:5 sample "s3" has another target, scorer or label here'],
      [changed('medium.csv'), 'medium.csv:5 sample "s3" is another request here than at the coordinator'],
    ] as const;
    for (const [env, message] of cases) {
      const { code, stderr } = await worker([], env);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(stderr).not.toMatch(/sig=|Zx91/);
    }
    expect(endpoint.requests).toHaveLength(0);
    stop.abort(130);
    expect((await running).code).toBe(130);
  });
});
