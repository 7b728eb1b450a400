import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type BatchVendor, startVendor } from '../helpers/batch-vendor.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { LOADING_MS, loadBatch } from '../helpers/load-batch.ts';
import { wavBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

beforeAll(loadBatch, LOADING_MS);

const PRICE = 'price: {promptPerMillion: 1, audioPromptPerMillion: 1, completionPerMillion: 2, batchDiscount: 0.5}';
const CLIP = wavBytes({ seconds: 1 });

/** Two samples that go by batch, and one with a clip. */
function folder({ url }: Endpoint, more = ''): Workspace {
  return workspace({
    'manifest.csv': 'id,prompt,target,audio\na,red,red,\nb,blue,blue,\nc,hear,green,clip.wav\n',
    'clip.wav': CLIP,
    'earsight.config.yaml': `dataset: manifest.csv
models: [{id: m, provider: openai, endpoint: "${url}/v1", model: gpt-4o-audio, auth: {type: none}, params: {maxTokens: 100}, modalities: [text, audio], ${PRICE}}]
scorers: [exact]
reporters: [csv]
${more}`,
  });
}

const submit = (files: Workspace, ...options: string[]) => files.run(['batch', 'submit', 'night', ...options]);
const collect = (files: Workspace, ...options: string[]) => files.run(['batch', 'collect', 'night', ...options]);
const chats = ({ endpoint }: BatchVendor) =>
  endpoint.requests.filter(({ path }) => path === '/v1/chat/completions').length;

test('what cannot go by batch is a problem before anything is sent', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint);

  const { code, stderr } = await submit(files);

  expect(code).toBe(2);
  expect(stderr).toBe(
    'm: 1 cell cannot go by batch (audio)\n' +
      'nothing was sent · ask those cells the ordinary way with --rest-live, or leave their models out with --model\n',
  );
  expect(vendor.endpoint.requests).toEqual([]);
  expect(files.list()).not.toContain('night/run.json');
});

test('--rest-live asks it the ordinary way, in the same run, at the full price and with a latency', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint);

  const submitted = await submit(files, '--rest-live');
  vendor.end();
  const collected = await collect(files);

  expect(submitted).toMatchObject({ code: 0 });
  expect(submitted.stderr).toContain('m: 1 cell cannot go by batch (audio); asked the ordinary way');
  expect(collected).toMatchObject({ code: 0 });
  expect(chats(vendor)).toBe(1);
  const rows = readRows(files, 'night');
  expect(rows.map((row) => [row['answer'], row['latency_ms'] === '', row['cost_usd']])).toEqual([
    ['red', true, '0.0006'],
    ['blue', true, '0.0006'],
    ['echo: hear [input_audio]', false, '0.000018'],
  ]);
});

test.each([
  ['0.000001', 'the requests may cost up to', 'more than --max-cost $0.000001'],
  ['0', '--max-cost 0 is not above 0'],
])('--max-cost %s sends nothing', async (most, ...words) => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint);

  const { code, stderr } = await submit(files, '--rest-live', '--max-cost', most);

  expect(code).toBe(2);
  for (const word of words) expect(stderr).toContain(word);
  expect(vendor.endpoint.requests).toEqual([]);
});

test('--max-cost counts what waits in batches', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint);
  files.write({ 'manifest.csv': 'id,prompt,target\na,red,red\n' });
  await submit(files, '--max-cost', '0.0002');
  files.write({ 'manifest.csv': 'id,prompt,target\na,red,red\nb,blue,blue\n' });
  const before = vendor.endpoint.requests.length;

  const { code, stderr } = await submit(files, '--max-cost', '0.0002', '--resume-changed');

  expect(vendor.batches.size).toBe(1);
  expect(code).toBe(2);
  expect(stderr).toContain('beside $0.0001');
  expect(stderr).toContain('that is spent or waits in batches');
  expect(vendor.endpoint.requests.length).toBe(before);
  expect(await submit(files, '--max-cost', '1', '--resume-changed')).toMatchObject({ code: 0 });
  expect(vendor.batches.size).toBe(2);
});

test('--max-cost cannot be checked when a part of a prompt has no price', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint);
  const config = files.read('earsight.config.yaml').replace('audioPromptPerMillion: 1, ', '');
  files.write({ 'earsight.config.yaml': config });

  expect(await submit(files, '--rest-live', '--max-cost', '1')).toMatchObject({
    code: 2,
    stderr:
      '--max-cost cannot be checked: some requests have no price · set the price of everything that they hold, or leave out --max-cost\n',
  });
  expect(vendor.endpoint.requests).toEqual([]);
});

test('--max-cost stops nothing when no cell is left', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint);
  await submit(files, '--rest-live', '--max-cost', '1');

  expect(await submit(files, '--rest-live', '--max-cost', '1')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('no cell is left to submit'),
  });
});

test('a manifest that changed stops the collection, and --resume-changed keeps the answers of unchanged cells', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint);
  files.write({ 'manifest.csv': 'id,prompt,target\na,red,red\nb,blue,blue\n' });
  await submit(files);
  vendor.end();
  files.write({ 'manifest.csv': 'id,prompt,target\na,red,red\nb,violet,violet\n' });

  const stopped = await collect(files);
  expect(stopped).toMatchObject({ code: 2, stderr: expect.stringContaining('--resume-changed') });
  expect(files.list('night/batches')).toContain('0001.output.jsonl');
  const collected = await collect(files, '--resume-changed');

  expect(collected.code).toBe(3);
  expect(collected.stderr).toContain(
    '1 of its requests are of no cell of this run any more; their results stay in batches/',
  );
  expect(readRows(files, 'night').map((row) => row['answer'])).toEqual(['red']);
  expect(await submit(files, '--resume-changed')).toMatchObject({ code: 0 });
  expect([...vendor.files.values()].at(-1)?.text).toContain('violet');
});

test('a cost above confirmAbove is asked about, unless --yes is given', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint, 'confirmAbove: 0.000001\n');
  files.write({ 'manifest.csv': 'id,prompt,target\na,red,red\n' });

  const confirm = async () => false;
  const asked = await files.run(['batch', 'submit', 'night'], { confirm });
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('not started: nothing was sent') });
  expect(vendor.endpoint.requests).toEqual([]);

  const given = ['batch', 'submit', 'night', '--yes', '--quiet'];
  const { code, stderr } = await files.run(given, { confirm });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(vendor.batches.size).toBe(1);
});

test.each([
  [[], 0o700],
  [['--shared'], 0o755],
])('with %j, files for batches have the permissions of the run', async (options, mode) => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint);
  files.write({ 'manifest.csv': 'id,prompt,target\na,red,red\n' });

  await submit(files, ...options);

  expect(statSync(join(files.directory, 'night/batches')).mode & 0o777).toBe(mode);
  expect(statSync(join(files.directory, 'night/batches.jsonl')).mode & 0o777).toBe(mode & 0o666);
});

test('judges are asked when the answers are collected', async () => {
  await using vendor = await startVendor();
  await using judge = await startEndpoint({ json: chatCompletion('fine\nGRADE: A') });
  using files = folder(vendor.endpoint);
  files.write({
    'manifest.csv': 'id,prompt,target\na,red,red\nb,blue,blue\n',
    'earsight.config.yaml': `dataset: manifest.csv
models:
  - {id: m, provider: openai, endpoint: "${vendor.endpoint.url}/v1", model: gpt-4o, auth: {type: none}, params: {maxTokens: 100}, ${PRICE}}
  - {id: j, role: judge, provider: openai, endpoint: "${judge.url}/v1", model: judge-1, auth: {type: none}, params: {maxTokens: 100}, ${PRICE}}
scorers: [{name: judge, model: j, rubric: "A B", grades: {A: 1, B: 0}}]
reporters: [csv]
`,
  });

  const submitted = await submit(files);
  const before = judge.requests.length;
  vendor.end();
  const collected = await collect(files);
  const again = await collect(files);

  expect(submitted.stderr).toContain('judges are asked when the answers are collected: j\n');
  expect(before).toBe(0);
  expect([collected.code, again.code]).toEqual([0, 0]);
  expect(judge.requests).toHaveLength(2);
  expect(readRows(files, 'night').map((row) => row['score.judge'])).toEqual(['1', '1']);
});

test('a shard that went by batch and one that was asked live are merged and compared', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint);
  files.write({ 'manifest.csv': 'id,prompt,target\na,red,red\nb,blue,blue\nc,green,green\nd,teal,teal\n' });
  await submit(files, '--shard', '1/2');
  vendor.end();
  await collect(files);
  await files.run(['run', '--out', 'live', '--shard', '2/2']);
  await files.run(['run', '--out', 'whole']);

  const merged = await files.run(['merge', 'night', 'live', '--out', 'both']);
  const compared = await files.run(['compare', 'whole', 'both']);

  expect(merged).toMatchObject({ code: 0 });
  const rows = readRows(files, 'both');
  expect(rows.map((row) => row['status'])).toEqual(Array(4).fill('completed'));
  expect(rows.filter((row) => row['latency_ms'] === '').length).toBe(vendor.batches.size === 1 ? batchedIn(vendor) : 0);
  expect(compared).toMatchObject({ code: 0, stdout: expect.stringContaining('4 samples') });
});

const batchedIn = ({ files }: BatchVendor) => [...files.values()][0]?.text.trim().split('\n').length ?? 0;
