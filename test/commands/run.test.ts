import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

const MANIFEST = 'id,prompt,target\na,one,one\nb,two,two\nc,three,three\n';

function folderFor(endpoint: Endpoint) {
  return workspace({
    'manifest.csv': MANIFEST,
    'earsight.config.yaml': `
dataset: manifest.csv
models:
  - {id: good, provider: openai, endpoint: "${endpoint.url}/v1", model: good, auth: {type: none}}
  - {id: bad, provider: openai, endpoint: "${endpoint.url}/bad", model: bad, auth: {type: none}}
scorers: [exact]
`,
  });
}

test('a model that answers 401 is named and the other completes all its cells', async () => {
  await using endpoint = await startEndpoint((request) =>
    request.path.startsWith('/bad') ? { status: 401, json: { error: { message: 'no' } } } : undefined,
  );
  using folder = folderFor(endpoint);

  const outcome = await folder.run(['run', '--out', 'out']);

  expect(outcome.code).toBe(3);
  expect(outcome.stderr).toContain('bad');
  expect(endpoint.requests.filter(({ path }) => path.startsWith('/v1'))).toHaveLength(3);
});

test('a second run with the same folder sends nothing', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);

  await folder.run(['run', '--out', 'out']);
  const again = await folder.run(['run', '--out', 'out']);

  expect(again.code).toBe(0);
  expect(endpoint.requests).toHaveLength(6);
});

test('a replay sends nothing', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);

  await folder.run(['run', '--out', 'out']);
  const replayed = await folder.run(['run', '--out', 'again', '--replay', 'out']);

  expect(replayed.code).toBe(0);
  expect(endpoint.requests).toHaveLength(6);
});

test('a changed manifest is rejected and nothing is overwritten', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  await folder.run(['run', '--out', 'out']);
  const before = folder.list('out').map((name) => folder.read(`out/${name}`));

  folder.write({ 'manifest.csv': MANIFEST.replace('two', 'four') });
  const outcome = await folder.run(['run', '--out', 'out']);

  expect(outcome.code).toBe(2);
  expect(folder.list('out').map((name) => folder.read(`out/${name}`))).toEqual(before);
});

test('a results folder that is a file is rejected and kept', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  folder.write({ out: 'mine' });

  const outcome = await folder.run(['run', '--out', 'out']);

  expect(outcome.code).toBe(2);
  expect(folder.read('out')).toBe('mine');
  expect(endpoint.requests).toHaveLength(0);
});

test.each(['run.json', 'journal.jsonl'])('a folder named %s is rejected before anything is sent', async (name) => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  folder.write({ [`out/${name}/in-the-way`]: '' });

  const { code, stderr } = await folder.run(['run', '--out', 'out']);

  expect([code, endpoint.requests.length]).toEqual([2, 0]);
  expect(stderr).toContain('its run.json or journal.jsonl is a folder');
});

test.each([
  [['--out', ''], '--out needs a non-empty value'],
  [['--resume', ''], '--resume needs a non-empty value'],
  [['--model', ''], '--model needs a non-empty value'],
  [['--replay-live'], '--replay-live needs --replay'],
])('%j is rejected', async (options, words) => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);

  const { code, stderr } = await folder.run(['run', ...options]);

  expect([code, endpoint.requests.length]).toEqual([2, 0]);
  expect(stderr).toContain(words);
});

test('a model that waits for its rate limit leaves its slots to the others', async () => {
  await using endpoint = await startEndpoint((request, index) =>
    request.path.startsWith('/v1') && index === 0
      ? { status: 429, headers: { 'retry-after-ms': '300' }, json: { error: { message: 'slow down' } } }
      : undefined,
  );
  using folder = folderFor(endpoint);
  const config = folder
    .read('earsight.config.yaml')
    .replaceAll('{type: none}', '{type: none}, limits: {concurrency: 1}');
  folder.write({ 'earsight.config.yaml': config });

  const outcome = await folder.run(['run', '--out', 'out', '--concurrency', '1']);

  expect(outcome.code).toBe(0);
  expect(endpoint.requests.map(({ path }) => path.split('/')[1])).toEqual([
    'v1',
    'bad',
    'bad',
    'bad',
    'v1',
    'v1',
    'v1',
  ]);
});

test.each([1, 2, 3])(
  'no more than %i requests of a model are in flight, also when all are tried again',
  async (concurrency) => {
    let inFlight = 0;
    let most = 0;
    const tried = new Set<string>();
    await using endpoint = await startEndpoint(async ({ body }) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      if (tried.has(body)) return undefined;
      tried.add(body);
      return { status: 500, headers: { 'retry-after-ms': '3' }, json: { error: { message: body } } };
    });
    using folder = workspace({
      'manifest.csv': `id,prompt\n${Array.from({ length: 30 }, (_, index) => `s${index},question ${index}\n`).join('')}`,
      'earsight.config.yaml': `dataset: manifest.csv
models:
  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, limits: {concurrency: ${concurrency}, retries: 3}}
`,
    });

    expect((await folder.run(['run', '--out', 'out'])).code).toBe(0);

    expect(endpoint.requests).toHaveLength(60);
    expect(most).toBe(concurrency);
  },
);

test('a conversation with an image in a later turn is not started with a text-only model', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  folder.write({
    'talk.jsonl': `${JSON.stringify({ id: 't', turns: [{ user: 'hello' }, { user: 'look', image: 'a.png' }] })}\n`,
    'a.png': pngBytes({ width: 8, height: 8 }),
    'earsight.config.yaml': folder.read('earsight.config.yaml').replace('model: bad', 'model: bad, modalities: [text]'),
  });

  await folder.run(['run', '--out', 'out', '--dataset', 'talk.jsonl']);

  expect(readRows(folder, 'out').map((row) => `${row['model']} ${row['status']}`)).toEqual([
    'good completed',
    'bad skipped',
  ]);
  expect(endpoint.requests.map(({ path }) => path.split('/')[1])).toEqual(['v1', 'v1']);
});

test('the parameters of a sample override those of the model', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  const config = folder
    .read('earsight.config.yaml')
    .replaceAll('{type: none}', '{type: none}, params: {maxTokens: 50}');
  folder.write({
    'own.jsonl': '{"id":"a","prompt":"one","params":{"maxTokens":7}}\n{"id":"b","prompt":"two"}\n',
    'earsight.config.yaml': config,
  });

  await folder.run(['run', '--out', 'out', '--dataset', 'own.jsonl', '--model', 'good', '--concurrency', '1']);

  expect(endpoint.requests.map(({ body }) => /"max(?:_completion)?_tokens":(\d+)/.exec(body)?.[1])).toEqual([
    '7',
    '50',
  ]);
});

test('the table shows how long a cell waited in addition to its latency', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  const config = folder
    .read('earsight.config.yaml')
    .replaceAll('{type: none}', '{type: none}, limits: {requestsPerMinute: 600}');
  folder.write({ 'earsight.config.yaml': config });

  await folder.run(['run', '--out', 'out', '--model', 'good']);

  const last = readRows(folder, 'out').at(-1);
  expect(Number(last?.['queue_ms'])).toBeGreaterThan(150);
});

test('an error of the operating system is not reported as a bug', async () => {
  using folder = workspace({});

  const outcome = await folder.run(['init'], { cwd: join(folder.directory, 'not-there') });

  expect(outcome.code).toBe(3);
  expect(outcome.stderr).toContain('fix this, then run the command again');
  expect(outcome.stderr).not.toContain('bug');
});

test('a run of two models ends with the verdict that compare prints', async () => {
  await using endpoint = await startEndpoint((request) =>
    request.path.startsWith('/bad') ? { json: chatCompletion('wrong') } : { json: chatCompletion('one') },
  );
  using folder = folderFor(endpoint);

  const { stdout } = await folder.run(['run', '--out', 'out']);
  const compared = await folder.run(['compare', 'out']);
  const [verdict] = compared.stdout.split('\n');

  expect(verdict).toMatch(/^no difference between bad and good is shown: -33\.3 points \(.*\); 3 samples can/);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(verdict);
  const document = JSON.parse((await folder.run(['run', '--out', 'out', '--json'])).stdout);
  const json = JSON.parse((await folder.run(['compare', 'out', '--json'])).stdout);
  expect(document.verdicts).toEqual([{ a: 'good', b: 'bad', verdict: json.pairs[0].verdict }]);
});

test('a run of one model, and one without targets, end without a verdict', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  const alone = await folder.run(['run', '--out', 'alone', '--model', 'good', '--json']);
  folder.write({ 'manifest.csv': 'id,prompt\na,one\n' });
  const untargeted = await folder.run(['run', '--out', 'untargeted', '--json']);

  expect([alone, untargeted].map(({ stdout }) => JSON.parse(stdout).verdicts)).toEqual([[], []]);
});
