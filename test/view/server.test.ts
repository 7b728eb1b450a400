/** The server of `earsight view`: what it shows, and what it does not let out. */

import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Result } from '../../src/result.ts';
import { startViewServer, type ViewServer } from '../../src/view/server.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type RawGet, rawGet } from '../helpers/raw-get.ts';
import { answered, failed } from '../helpers/results.ts';
import { type RunParts, writeRun } from '../helpers/run-folder.ts';

const open: { server: ViewServer; folder: Workspace }[] = [];
afterEach(async () => {
  for (const { server, folder } of open.splice(0)) {
    await server.close();
    folder[Symbol.dispose]();
  }
});

interface Viewed {
  readonly folder: Workspace;
  readonly get: (path: string, options?: RawGet) => ReturnType<typeof rawGet>;
}

/** A workspace with `results/`, which the server shows. */
async function view(prepare: (folder: Workspace) => void | Promise<void>): Promise<Viewed> {
  const folder = workspace();
  mkdirSync(join(folder.directory, 'results'));
  await prepare(folder);
  const results = join(folder.directory, 'results');
  const server = await startViewServer({ results, port: 0, nameOf: (name) => `results/${name}` });
  open.push({ server, folder });
  return { folder, get: (path, options) => rawGet(server.url, path, options) };
}

function resultsOf(models: readonly string[], score: (model: number, sample: number) => number): readonly Result[] {
  return Array.from({ length: 12 }, (_, index) =>
    models.map((model, number) => answered(score(number, index), { model, index })),
  ).flat();
}

function addRun(folder: Workspace, name: string, results: readonly Result[], info: RunParts['info'] = {}): void {
  writeRun(join(folder.directory, 'results', name), results, { info: { runId: name, name, ...info } });
}

const GOOD = resultsOf(['m'], () => 1);
const BAD = resultsOf(['m'], () => 0);

test('lists runs with their headline figures, the newest first', async () => {
  const { get } = await view(async (folder) => {
    addRun(folder, 'older', [...BAD, failed('timeout', { model: 'm', index: 12 })]);
    addRun(folder, 'newer', GOOD, { createdAt: '2026-03-04T05:06:07.000Z' });
    for (const run of ['older', 'newer']) await folder.run(['report', `results/${run}`, '--reporter', 'csv', 'html']);
    utimesSync(join(folder.directory, 'results/older/journal.jsonl'), 1000, 1000);
  });
  const { status, text } = await get('/');
  expect(status).toBe(200);
  expect(text).toContain('2 runs, the newest first');
  expect(text.indexOf('/runs/newer/report.html')).toBeLessThan(text.indexOf('/runs/older/report.html'));
  expect(text).toContain('newer · 2026-03-04 05:06 UTC');
  const cells = [...text.matchAll(/<td class="r">(.*?)<\/td>/g)].map(([, cell]) => cell);
  expect(cells).toEqual(['100.0% (75.8–100.0)', '0', 'unpriced', '0.0% (0.0–24.2)', '1', 'unpriced']);
});

test('reads a summary with semicolons and model names that look like formulas', async () => {
  const { get } = await view(async (folder) => {
    addRun(
      folder,
      'a',
      resultsOf(['=m'], () => 1),
      { config: { csv: { bom: true, delimiter: ';' } } },
    );
    await folder.run(['report', 'results/a']);
  });
  const { text } = await get('/');
  expect(text).toContain('<td>=m</td><td class="r">100.0%');
});

test('a run without report or summary is listed with the commands that make them', async () => {
  const { get } = await view((folder) => addRun(folder, 'a', GOOD));
  const { text } = await get('/');
  expect(text).toContain('<code>earsight report results/a --reporter html</code>');
  expect(text).toContain('<code>earsight report results/a --reporter csv</code>');
  const report = await get('/runs/a/report.html');
  expect(report.status).toBe(404);
  expect(report.text).toContain('earsight report results/a --reporter html');
});

test('damaged and half-written runs are named, and the others are shown', async () => {
  const { get } = await view(async (folder) => {
    addRun(folder, 'good', GOOD);
    addRun(folder, 'running', GOOD, { finishedAt: null });
    addRun(folder, 'torn', GOOD);
    addRun(folder, 'cut-table', GOOD);
    folder.write({
      'results/torn/run.json': '{"format": "earsight-r',
      'results/alone/run.json': '{"format"',
      'results/other/run.json': '{"format": "else"}',
      'results/headless/journal.jsonl': '',
      'results/cut-table/summary.csv': 'model,slice,metric\n"m,all',
      'results/notes/readme.txt': 'no run',
      'results/file.txt': 'no folder',
    });
  });
  const { status, text } = await get('/');
  expect(status).toBe(200);
  expect(text).toContain('7 runs');
  expect(text).toContain('run.json is damaged · earsight run --resume writes a new one');
  expect(text).toContain('run.json is missing');
  expect(text).toContain('is not JSON, and there is no journal beside it');
  expect(text).toContain('is not a run.json of this version of earsight');
  expect(text).toContain('not finished: it is running, or was stopped');
  expect(text).toContain('summary.csv cannot be read');
  expect(text).toContain('value="good"');
  expect(text).not.toContain('notes');
});

test('a folder without runs says so', async () => {
  const { get } = await view(() => {});
  expect((await get('/')).text).toContain('0 runs');
});

test('pages of more than 200 runs have links to the others', async () => {
  const { get } = await view((folder) => {
    for (let run = 0; run < 203; run += 1) folder.write({ [`results/r${run}/run.json`]: '{}' });
  });
  const [first, second] = [await get('/'), await get('/?from=200')];
  expect(first.text.match(/scope="rowgroup"/g)).toHaveLength(200);
  expect(first.text).toContain('href="/?from=200"');
  expect(second.text.match(/scope="rowgroup"/g)).toHaveLength(3);
  expect(second.text).toContain('href="/?from=0"');
});

test('hostile names and texts are escaped everywhere', async () => {
  const name = `<img src=x onerror=alert(1)>"'&\u202e`;
  const { get } = await view(async (folder) => {
    addRun(
      folder,
      name,
      resultsOf([name, 'b'], (model) => model),
      { dataset: { path: name, sha256: 'd', samples: 12 } },
    );
    await folder.run(['report', `results/${name}`]);
  });
  const list = (await get('/')).text;
  const path = encodeURIComponent(name);
  const compared = await get(`/compare?a=${path}`);
  const problem = await get(`/runs/${path}/report.html`);
  expect(compared.status).toBe(200);
  for (const text of [list, compared.text, problem.text]) {
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;\\u202e');
    expect(text).not.toContain('<img');
    expect(text).not.toContain('\u202e');
  }
});

test('serves a report as it is, under a policy that loads and sends nothing', async () => {
  const { get, folder } = await view(async (place) => {
    addRun(place, 'a', GOOD);
    await place.run(['report', 'results/a', '--reporter', 'html']);
  });
  const { status, text, headers } = await get('/runs/a/report.html');
  expect(status).toBe(200);
  expect(text).toBe(folder.read('results/a/report.html'));
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'unsafe-inline'; /);
  expect(headers['content-security-policy']).not.toContain('connect-src');
});

test('other files of a run cannot run in a browser', async () => {
  const { get } = await view((folder) => {
    addRun(folder, 'a', GOOD);
    folder.write({ 'results/a/x.html': '<script>', 'results/a/y.svg': '<svg>', 'results/a/report.md': '# <b>' });
  });
  for (const name of ['x.html', 'y.svg']) {
    const { headers } = await get(`/runs/a/${name}`);
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['content-disposition']).toBe('attachment');
    expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox");
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
  expect((await get('/runs/a/report.md')).headers['content-type']).toBe('text/plain; charset=utf-8');
});

test('pages have no script and may not be framed', async () => {
  const { get } = await view((folder) => addRun(folder, 'a', GOOD));
  const { headers } = await get('/');
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; img-src data:; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  );
  expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  expect(headers['cache-control']).toBe('no-store');
});

const CLIP = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));

test('sends ranges of a clip', async () => {
  const { get } = await view((folder) => {
    addRun(folder, 'a', GOOD);
    folder.write({ 'results/a/media/clip.wav': CLIP, 'results/a/media/none.wav': '' });
  });
  const ask = (range: string, more = {}) => get('/runs/a/media/clip.wav', { headers: { range, ...more } });
  const part = await ask('bytes=100-199');
  expect(part.status).toBe(206);
  expect(part.headers).toMatchObject({
    'content-range': 'bytes 100-199/1000',
    'content-length': '100',
    'accept-ranges': 'bytes',
    'content-type': 'audio/wav',
  });
  expect(part.bytes).toEqual(CLIP.subarray(100, 200));
  expect((await ask('bytes=-1')).bytes).toEqual(CLIP.subarray(999));
  expect((await ask('bytes=990-')).bytes).toEqual(CLIP.subarray(990));
  const beyond = await ask('bytes=1000-');
  expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */1000']);
  for (const whole of [await ask('bytes=0-1,4-5'), await ask('bytes=0-1', { 'if-range': '"x"' })]) {
    expect(whole.status).toBe(200);
    expect(whole.bytes).toEqual(CLIP);
  }
  const head = await get('/runs/a/media/clip.wav', { method: 'HEAD' });
  expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, '1000', 0]);
  const empty = await get('/runs/a/media/none.wav');
  expect([empty.status, empty.bytes.length]).toEqual([200, 0]);
});

test.each([
  '/runs/a/../../secret.txt',
  '/runs/../secret.txt',
  '/../secret.txt',
  '/runs/a/..%2f..%2fsecret.txt',
  '/runs/a/%2e%2e/%2e%2e/secret.txt',
  '/runs/..%2f/secret.txt',
  '/runs/%2e%2e/secret.txt',
  '/runs/a/..%5c..%5csecret.txt',
  '/runs/a/%252e%252e/%252e%252e/secret.txt',
  '/runs/a//etc/passwd',
  '/runs//etc/passwd',
  '/runs/a/%2fetc%2fpasswd',
  '/runs/a/out.txt',
  '/runs/a/outside/secret.txt',
  '/runs/away/secret.txt',
  '/runs/away/run.json',
  '/runs/a/.env',
  '/runs/a/%2eenv',
  '/runs/plain/secret.txt',
  '/runs/secret.txt',
  '/secret.txt',
  '/runs/a/run.json%00.txt',
  '/runs/a/%ff',
  '/runs/a/%',
  '/runs/a/media',
  '/runs/a/',
  '/runs/a',
  'http://127.0.0.1/../secret.txt',
  '*',
  '/compare?a=..',
  '/compare?a=../a',
  '/compare?a=plain',
  '/compare?a=away',
  '/compare',
  '/compare?a=a&b=a',
])('%s lets nothing out', async (path) => {
  const { get } = await view((folder) => {
    addRun(folder, 'a', GOOD);
    folder.write({
      'secret.txt': 'SECRET',
      'elsewhere/secret.txt': 'SECRET',
      'elsewhere/run.json': 'SECRET',
      'results/secret.txt': 'SECRET',
      'results/plain/secret.txt': 'SECRET',
      'results/a/.env': 'SECRET',
      'results/a/media/x.wav': 'x',
    });
    symlinkSync('../../secret.txt', join(folder.directory, 'results/a/out.txt'));
    symlinkSync('../../elsewhere', join(folder.directory, 'results/a/outside'));
    symlinkSync('../elsewhere', join(folder.directory, 'results/away'));
  });
  const { status, text } = await get(path);
  expect([400, 404]).toContain(status);
  expect(text).not.toContain('SECRET');
  expect(text).not.toContain('root:');
  expect((await get('/')).text).not.toContain('away');
});

test('links within a run are followed', async () => {
  const { get } = await view((folder) => {
    addRun(folder, 'a', GOOD);
    folder.write({ 'results/a/media/x.wav': 'sound' });
    symlinkSync('x.wav', join(folder.directory, 'results/a/media/y.wav'));
  });
  expect((await get('/runs/a/media/y.wav')).text).toBe('sound');
});

test.each(['example.com', 'localhost.example.com', '127.0.0.1.example.com', '10.0.0.1', '0.0.0.0', 'x@127.0.0.1'])(
  'rejects the Host %j',
  async (host) => {
    const { get } = await view((folder) => addRun(folder, 'a', GOOD));
    expect((await get('/', { headers: { host } })).status).toBe(403);
    expect((await get('/runs/a/run.json', { headers: { host } })).status).toBe(403);
  },
);

test('rejects pages of other origins and everything that is not reading', async () => {
  const { get } = await view((folder) => addRun(folder, 'a', GOOD));
  expect((await get('/', { headers: { origin: 'https://example.com' } })).status).toBe(403);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    const { status, headers } = await get('/runs/a/run.json', { method });
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
  }
});

test('compares two runs on the same samples', async () => {
  const { get, folder } = await view((place) => {
    addRun(place, 'before', BAD);
    addRun(place, 'after', GOOD);
  });
  const before = folder.list('results');
  const { status, text } = await get('/compare?a=before&b=after');
  expect(status).toBe(200);
  expect(text).toContain('<strong>m (after) is better than m (before) by 100.0 points');
  expect(text).toContain('12 samples in common');
  expect(text).toContain('<td>m (after) − m (before)</td>');
  expect(text).toContain('Samples that differ most');
  expect(folder.list('results')).toEqual(before);
});

test('compares the models of one run', async () => {
  const { get } = await view((folder) =>
    addRun(
      folder,
      'a',
      resultsOf(['x', 'y'], (model) => model),
    ),
  );
  expect((await get('/')).text).toContain('href="/compare?a=a"');
  expect((await get('/compare?a=a')).text).toContain('<strong>y is better than x by 100.0 points');
});

test('says why two runs cannot be compared', async () => {
  const { get } = await view((folder) => {
    addRun(folder, 'a', GOOD);
    addRun(folder, 'b', GOOD);
    addRun(
      folder,
      'one',
      resultsOf(['z'], () => 1),
      { models: [] },
    );
    folder.write({ 'results/b/run.json': '{"torn' });
  });
  const torn = await get('/compare?a=a&b=b');
  expect([torn.status, torn.text.includes('damaged run.json')]).toEqual([422, true]);
  const single = await get('/compare?a=a');
  expect([single.status, single.text.includes('one model only')]).toEqual([422, true]);
  expect((await get('/compare?a=a&b=gone')).status).toBe(404);
});
