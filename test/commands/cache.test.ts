import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const SAMPLES = 20;

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},say ${index},,echo: say ${index}\n`).join('');
  folder = workspace({
    'manifest.csv': `id,prompt,image,target\n${rows}pic,look,a.png,echo: look [image_url]\n`,
    'a.png': pngBytes({ width: 8, height: 8 }),
    'earsight.config.yaml': configOf(),
  });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

function configOf(model = '', more = ''): string {
  const wire = `endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}`;
  const price = 'price: {promptPerMillion: 1000, completionPerMillion: 1000}';
  return `dataset: manifest.csv\nmodels:\n  - {id: m, provider: openai, ${wire}, ${price}${model}}\nscorers: [exact]\n${more}`;
}

/** Runs into a new folder and returns the number of requests. */
async function sentBy(run: string, ...options: readonly string[]): Promise<number> {
  const before = endpoint.requests.length;
  await folder.run(['run', '--out', run, ...options]);
  return endpoint.requests.length - before;
}

test('is off by default, and the option overrides the configuration', async () => {
  expect(await sentBy('off')).toBe(SAMPLES + 1);
  expect(await sentBy('filled', '--cache')).toBe(SAMPLES + 1);
  expect(await sentBy('still-off')).toBe(SAMPLES + 1);
  folder.write({ 'earsight.config.yaml': configOf('', 'cache: true\n') });
  expect(await sentBy('on')).toBe(0);
  expect(await sentBy('turned-off', '--no-cache')).toBe(SAMPLES + 1);
});

test('a second run sends nothing: same answers and scores, no cost, no latency, and the journal contains the first latency', async () => {
  await sentBy('one', '--cache');
  expect(await sentBy('two', '--cache')).toBe(0);
  const one = readRows(folder, 'one');
  const two = readRows(folder, 'two');

  for (const [index, row] of two.entries()) {
    const first = one[index] ?? {};
    for (const name of ['sample_id', 'status', 'answer', 'score', 'finish_reason', 'prompt_tokens', 'served_model'])
      expect(row[name]).toBe(first[name]);
    expect(Number(first['cost_usd'])).toBeCloseTo(0.015, 9);
    expect(row).toMatchObject({
      cost_usd: '0',
      attempts: '0',
      latency_ms: '',
      first_token_ms: '',
      queue_ms: '',
      started_at: '',
    });
  }
  const figures = (run: string, name: string) =>
    [...folder.read(`${run}/journal.jsonl`).matchAll(new RegExp(`"${name}":([\\d.]+)`, 'g'))]
      .map(([, figure]) => figure)
      .sort();
  expect(figures('two', 'cachedLatencyMs')).toEqual(figures('one', 'latencyMs'));
  expect(figures('two', 'cachedLatencyMs')).toHaveLength(SAMPLES + 1);
  expect(folder.read('two/journal.jsonl')).not.toContain('"type":"attempt"');
});

test('failures, refusals and truncated answers are requested again', async () => {
  const odd = (request: { readonly body: string }) => {
    if (request.body.includes('"say 1"')) return { status: 400, json: { error: { message: 'no' } } };
    const [choice] = (chatCompletion('x') as { choices: readonly object[] }).choices;
    if (request.body.includes('"say 2"'))
      return {
        json: chatCompletion('', {
          choices: [{ ...choice, message: { role: 'assistant', content: null, refusal: 'I will not' } }],
        }),
      };
    if (request.body.includes('"say 3"'))
      return { json: chatCompletion('', { choices: [{ ...choice, finish_reason: 'length' }] }) };
    return undefined;
  };
  endpoint.script(odd);
  await sentBy('one', '--cache');

  expect(await sentBy('two', '--cache')).toBe(3);
});

test.each([
  [
    'a parameter',
    (f: Workspace) => f.write({ 'earsight.config.yaml': configOf(', params: {temperature: 0}') }),
    SAMPLES + 1,
  ],
  [
    'the system message',
    (f: Workspace) => f.write({ 'earsight.config.yaml': configOf(', system: Be brief.') }),
    SAMPLES + 1,
  ],
  [
    'the model on the wire',
    (f: Workspace) => f.write({ 'earsight.config.yaml': configOf().replace('model: m', 'model: n') }),
    SAMPLES + 1,
  ],
  [
    'the route',
    (f: Workspace) => f.write({ 'earsight.config.yaml': configOf().replace('/v1"', '/other/v1"') }),
    SAMPLES + 1,
  ],
  ['the image detail', (f: Workspace) => f.write({ 'earsight.config.yaml': configOf(', detail: low') }), SAMPLES + 1],
  ['the bytes of a medium', (f: Workspace) => f.write({ 'a.png': pngBytes({ width: 8, height: 8, seed: 9 }) }), 1],
  [
    'the media transform',
    (f: Workspace) => f.write({ 'earsight.config.yaml': configOf(', media: {image: {maxEdge: 4}}') }),
    SAMPLES + 1,
  ],
] as const)('%s is part of the key', async (_what, change, sent) => {
  await sentBy('one', '--cache');
  change(folder);

  expect(await sentBy('two', '--cache')).toBe(sent);
});

test.each([
  ['its name in reports', () => configOf().replace('id: m', 'id: other')],
  ['target and scorers', () => configOf().replace('[exact]', '[includes]')],
  ['limits', () => configOf(', limits: {concurrency: 1}')],
])('%s is not', async (_what, config) => {
  await sentBy('one', '--cache');
  folder.write({ 'earsight.config.yaml': config() });

  expect(await sentBy('two', '--cache')).toBe(0);
});

test('repeats are sent, each with its own cache entry', async () => {
  expect(await sentBy('one', '--cache', '--repeat', '2')).toBe(2 * (SAMPLES + 1));
  expect(await sentBy('two', '--cache', '--repeat', '3')).toBe(SAMPLES + 1);
});

test('a conversation with one turn from the cache costs what the other turn costs', async () => {
  const turns = (second: string) =>
    `${JSON.stringify({ id: 't', turns: [{ prompt: 'Say one.' }, { prompt: second }] })}\n`;
  folder.write({ 'turns.jsonl': turns('And two?') });
  await sentBy('one', '--cache', '--dataset', 'turns.jsonl');
  folder.write({ 'turns.jsonl': turns('And three?') });

  expect(await sentBy('two', '--cache', '--dataset', 'turns.jsonl')).toBe(1);
  expect(Number(readRows(folder, 'two')[0]?.['cost_usd'])).toBeCloseTo(0.015, 9);
});

test('the request of an incomplete entry is sent, and the entry is replaced', async () => {
  await sentBy('one', '--cache');
  const entry = folder.list('.earsight').find((name) => name.endsWith('.json')) ?? '';
  folder.write({ [`.earsight/${entry}`]: folder.read(`.earsight/${entry}`).slice(0, 40) });

  expect(await sentBy('two', '--cache')).toBe(1);
  expect(await sentBy('three', '--cache')).toBe(0);
});

test('contains no key', async () => {
  folder.write({ 'earsight.config.yaml': configOf().replace('{type: none}', '{type: key, env: K}') });
  await folder.run(['run', '--out', 'one', '--cache'], { env: { K: 'k-3f2a9c77d1e84b0c' } });

  const entries = folder.list('.earsight').map((name) => folder.read(`.earsight/${name}`));
  expect(entries).toHaveLength(SAMPLES + 1);
  for (const entry of entries) expect(entry).not.toContain('k-3f2a9c77d1e84b0c');
});

test('a cache that cannot be written is rejected before anything is sent', async () => {
  folder.write({ '.earsight': 'a file' });

  const { code, stderr } = await folder.run(['run', '--out', 'one', '--cache']);

  expect(code).toBe(2);
  expect(stderr).toContain('cannot be used as a cache');
  expect(endpoint.requests).toHaveLength(0);
});

test.skipIf(!existsSync(CLI))(
  'two processes use the cache at the same time, and a third run sends nothing',
  async () => {
    const run = (out: string) =>
      new Promise((resolve) =>
        spawn(process.execPath, [CLI, 'run', '--out', out, '--cache'], { cwd: folder.directory, stdio: 'ignore' }).once(
          'exit',
          resolve,
        ),
      );

    expect(await Promise.all([run('one'), run('two')])).toEqual([0, 0]);
    expect(readRows(folder, 'one').map((row) => row['answer'])).toEqual(
      readRows(folder, 'two').map((row) => row['answer']),
    );
    expect(await sentBy('three', '--cache')).toBe(0);
    expect(folder.list('.earsight').filter((name) => name.endsWith('.tmp'))).toEqual([]);
  },
);

test('a conversation that fails after cached turns costs what was sent', async () => {
  endpoint.script(({ body }) =>
    /then two/u.test(body) ? { status: 400, json: { error: { message: 'no' } } } : undefined,
  );
  folder.write({
    'manifest.jsonl': '{"id":"t","turns":[{"user":"one"},{"user":"then two"}]}\n',
    'earsight.config.yaml': configOf().replace('manifest.csv', 'manifest.jsonl'),
  });

  expect(await sentBy('first', '--cache')).toBe(2);
  expect(await sentBy('second', '--cache')).toBe(1);

  const first = readRows(folder, 'first')[0];
  const second = readRows(folder, 'second')[0];
  expect([first?.['status'], first?.['cost_usd']]).toEqual(['failed', '0.015']);
  expect([second?.['status'], second?.['cost_usd']]).toEqual(['failed', '0']);
});
