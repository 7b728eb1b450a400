import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { readRows, steadyRows } from '../helpers/tables.ts';

const IDS = ['a', 'b', 'c'];
const CUT = [{ index: 0, message: { role: 'assistant', content: 'part' }, finish_reason: 'length' }];
const KEY = { env: { K: 'k-3f2a9c77d1e84b0c' } };

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  folder = workspace({ 'manifest.csv': manifestOf(IDS), 'earsight.config.yaml': configOf() });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

function manifestOf(ids: readonly string[], target = 'echo: say'): string {
  return `id,prompt,target\n${ids.map((id) => `${id},say ${id},${target} ${id}\n`).join('')}`;
}

function configOf({ model = '', scorers = '[exact]', endpoint: at = `${endpoint.url}/v1` } = {}): string {
  const wire = `endpoint: "${at}", model: m, auth: {type: key, env: K}`;
  const price = 'price: {promptPerMillion: 1000, completionPerMillion: 1000}';
  return `dataset: manifest.csv\nmodels:\n  - {id: m, provider: openai, ${wire}, ${price}${model}}\nscorers: ${scorers}\n`;
}

async function original(): Promise<void> {
  expect((await folder.run(['run', '--out', 'one'], KEY)).code).toBe(0);
  expect(endpoint.requests).toHaveLength(IDS.length);
}

test('without a key or an endpoint, the rows are those of the replayed run', async () => {
  await original();
  await endpoint.close();

  const { code, stderr } = await folder.run(['run', '--out', 'two', '--replay', 'one']);

  expect(stderr).not.toContain('K is not set');
  expect(code).toBe(0);
  expect(steadyRows(folder, 'two')).toEqual(steadyRows(folder, 'one'));
  expect(readRows(folder, 'two').map((row) => row['latency_ms'])).toEqual(
    readRows(folder, 'one').map((row) => row['latency_ms']),
  );
  const [one, two] = ['one', 'two'].map((name) => JSON.parse(folder.read(`${name}/run.json`)));
  expect([one.replayOf, two.replayOf]).toEqual([undefined, one.runId]);
});

test('with other targets, scorers and prices, the old answers are scored and priced again', async () => {
  await original();
  folder.write({
    'manifest.csv': manifestOf(IDS, 'say'),
    'earsight.config.yaml': configOf({ scorers: '[includes]' }).replaceAll('1000', '2000'),
  });

  expect((await folder.run(['run', '--out', 'two', '--replay', 'one'])).code).toBe(0);

  expect(readRows(folder, 'two')).toHaveLength(IDS.length);
  for (const row of readRows(folder, 'two')) expect(row).toMatchObject({ 'score.includes': '1', cost_usd: '0.03' });
  expect(endpoint.requests).toHaveLength(IDS.length);
});

test('an answer to content that the model is not known to support is kept', async () => {
  folder.write({
    'manifest.csv': 'id,prompt,image,target\na,say a,a.png,echo: say a\n',
    'a.png': pngBytes(),
  });
  expect((await folder.run(['run', '--out', 'one'], KEY)).code).toBe(0);
  folder.write({ 'earsight.config.yaml': configOf({ model: ', modalities: [text, audio]' }) });
  folder.write({ 'manifest.csv': 'id,prompt,image,target\na,say a,a.png,echo: say a\nb,say b,,x\n' });

  await folder.run(['run', '--out', 'two', '--replay', 'one']);

  expect(readRows(folder, 'two').map(({ sample_id, status, answer }) => [sample_id, status, answer])).toEqual([
    ['a', 'completed', 'echo: say a [image_url]'],
    ['b', 'failed', ''],
  ]);
});

test('a request without an answer in the replayed run fails as aborted, and the run exits with 3', async () => {
  await original();
  folder.write({ 'manifest.csv': manifestOf([...IDS, 'd']) });

  const { code, stderr } = await folder.run(['run', '--out', 'two', '--replay', 'one']);

  expect(code).toBe(3);
  expect(stderr).toContain('1 of 4 answers are missing');
  expect(readRows(folder, 'two')[3]).toMatchObject({
    sample_id: 'd',
    status: 'failed',
    failure_kind: 'aborted',
    attempts: '0',
    score: '',
  });
  expect(endpoint.requests).toHaveLength(IDS.length);
});

test.each([
  ['a parameter', () => configOf({ model: ', params: {temperature: 0}' })],
  ['the system message', () => configOf({ model: ', system: Be brief.' })],
])('%s of another request is not treated as the same request', async (_what, config) => {
  await original();
  folder.write({ 'earsight.config.yaml': config() });

  expect((await folder.run(['run', '--out', 'two', '--replay', 'one'])).code).toBe(3);
});

test('--replay-live needs the key, and sends requests that are missing or failed temporarily', async () => {
  endpoint.script(({ body }) =>
    body.includes('say b') ? { status: 401, json: { error: { message: 'no' } } } : undefined,
  );
  await folder.run(['run', '--out', 'one', '--concurrency', '1'], KEY);
  const rows = readRows(folder, 'one').map((row) => row['failure_kind']);
  const sent = endpoint.requests.length;
  folder.write({ 'manifest.csv': manifestOf([...IDS, 'd']) });
  endpoint.script(() => undefined);
  const live = ['run', '--out', 'two', '--replay', 'one', '--replay-live'];

  const keyless = await folder.run(live);
  expect(keyless.code).toBe(2);
  expect(keyless.stderr).toContain('K is not set');
  expect(endpoint.requests).toHaveLength(sent);

  const { code } = await folder.run(live, KEY);
  expect(code).toBe(0);
  expect(endpoint.requests.length - sent).toBe(rows.filter((kind) => kind !== '').length + 1);
  expect(readRows(folder, 'two').map((row) => row['status'])).toEqual([
    'completed',
    'completed',
    'completed',
    'completed',
  ]);
});

test('without --replay-live a failure is replayed unchanged', async () => {
  endpoint.script(({ body }) =>
    body.includes('say b') ? { status: 400, json: { error: { message: 'no' } } } : undefined,
  );
  await folder.run(['run', '--out', 'one'], KEY);

  await folder.run(['run', '--out', 'two', '--replay', 'one']);

  expect(steadyRows(folder, 'two')).toEqual(steadyRows(folder, 'one'));
  expect(endpoint.requests).toHaveLength(IDS.length);
});

test('a failure stays a failure although another sample got an answer to the same request, which new samples reuse', async () => {
  folder.write({ 'manifest.csv': 'id,prompt,target\na,say it,\nb,say it,\n' });
  endpoint.script((_request, index) => (index === 0 ? undefined : { status: 400, json: { error: { message: 'no' } } }));
  const one = configOf({ model: ', limits: {concurrency: 1}' });
  folder.write({ 'earsight.config.yaml': one });
  await folder.run(['run', '--out', 'one'], KEY);

  folder.write({ 'manifest.csv': 'id,prompt,target\na,say it,\nb,say it,\nc,say it,\n' });

  await folder.run(['run', '--out', 'two', '--replay', 'one']);

  expect(readRows(folder, 'two').map((row) => row['status'])).toEqual(['completed', 'failed', 'completed']);
});

test('an endpoint in an unset variable is reported before scoring, because it is part of the request', async () => {
  const named = configOf({ endpoint: '$' + '{ENDPOINT}/v1' });
  folder.write({ 'earsight.config.yaml': named });
  await folder.run(['run', '--out', 'one'], { env: { ...KEY.env, ENDPOINT: endpoint.url } });

  const without = await folder.run(['run', '--out', 'two', '--replay', 'one']);
  expect(without.code).toBe(2);
  expect(without.stderr).toContain('environment variable ENDPOINT is not set');

  expect((await folder.run(['run', '--out', 'two', '--replay', 'one'], { env: { ENDPOINT: endpoint.url } })).code).toBe(
    0,
  );
});

test('a folder without a run is rejected', async () => {
  const { code, stderr } = await folder.run(['run', '--out', 'two', '--replay', 'nowhere']);

  expect(code).toBe(2);
  expect(stderr).toContain('nowhere is not a run folder');
});

test('a conversation with a truncated turn stays truncated, whatever its later turns say', async () => {
  endpoint.script(({ body }) =>
    /two/u.test(JSON.stringify(body)) ? undefined : { json: chatCompletion('part', { choices: CUT }) },
  );
  folder.write({
    'manifest.jsonl': '{"id":"t","turns":[{"user":"one","target":"part"},{"user":"two","target":"echo: two"}]}\n',
    'earsight.config.yaml': configOf().replace('manifest.csv', 'manifest.jsonl'),
  });

  await folder.run(['run', '--out', 'one'], KEY);
  await folder.run(['run', '--out', 'two', '--replay', 'one']);

  for (const run of ['one', 'two'])
    expect(readRows(folder, run)).toMatchObject([{ outcome: 'truncated', score: '', status: 'completed' }]);
});

test('samples with the same request get their own answers back', async () => {
  let asked = 0;
  endpoint.script(() => {
    asked += 1;
    return { json: chatCompletion(`answer ${asked}`) };
  });
  folder.write({
    'manifest.csv': 'id,prompt,target\na,say,answer 1\nb,say,answer 2\n',
    'earsight.config.yaml': configOf({ model: ', limits: {concurrency: 1}' }),
  });

  await folder.run(['run', '--out', 'one'], KEY);
  await folder.run(['run', '--out', 'two', '--replay', 'one']);

  for (const run of ['one', 'two']) expect(readRows(folder, run).map(({ score }) => score)).toEqual(['1', '1']);
});

test('a run from the cache is replayed at its own cost', async () => {
  await folder.run(['run', '--out', 'zero', '--cache'], KEY);
  await folder.run(['run', '--out', 'one', '--cache'], KEY);
  await folder.run(['run', '--out', 'two', '--replay', 'one']);

  for (const run of ['one', 'two'])
    expect(readRows(folder, run).map((row) => row['cost_usd'])).toEqual(['0', '0', '0']);
});

test('replayed answers use none of this run’s budget, also after a resume', async () => {
  await original();
  folder.write({ 'manifest.csv': manifestOf([...IDS, 'd']) });
  await folder.run(['run', '--out', 'two', '--replay', 'one', '--replay-live', '--max-cost', '0.5'], KEY);
  const [, high = ''] = /does not cover the \$([\d.]+)/u.exec(folder.read('two/journal.jsonl')) ?? [];

  // Three replayed answers of 0.015 USD would not fit in addition.
  const resume = ['run', '--resume', 'two', '--max-cost', String(Number(high) + 0.02)];
  const unsaid = await folder.run(resume, KEY);
  expect(unsaid.code).toBe(2);
  expect(unsaid.stderr).toContain('requests without an answer would be sent');
  expect(endpoint.requests).toHaveLength(IDS.length);

  const { code } = await folder.run([...resume, '--replay', 'one', '--replay-live'], KEY);

  expect(code).toBe(0);
  expect(endpoint.requests).toHaveLength(IDS.length + 1);
});

test('cells that the replayed run skipped have no answer, and a stopped replay says how to continue', async () => {
  await original();
  await folder.run(['run', '--out', 'poor', '--max-cost', '0.0001'], KEY);
  expect(readRows(folder, 'poor').map((row) => row['status'])).toEqual(IDS.map(() => 'skipped'));

  const { code } = await folder.run(['run', '--out', 'two', '--replay', 'poor']);

  expect(code).toBe(3);
  expect(readRows(folder, 'two').map((row) => row['failure_kind'])).toEqual(IDS.map(() => 'aborted'));
  const stopped = await folder.run(['run', '--out', 'three', '--replay', 'one'], { stop: AbortSignal.abort(130) });
  expect(stopped.stderr).toContain('continue with: earsight run --resume three --replay one');
});
