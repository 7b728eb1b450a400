import { expect, test } from 'vitest';
import { type EvaluateOptions, evaluate, InputError, type RunEvent } from '../src/index.ts';
import { workspace } from './helpers/cli.ts';
import { type Endpoint, startEndpoint } from './helpers/endpoint.ts';

const SAMPLES = 12;

function folderFor(endpoint: Endpoint) {
  const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},echo: question ${index}\n`);
  return workspace({
    'manifest.csv': `id,prompt,target\n${rows.join('')}`,
    'earsight.config.yaml': `
dataset: manifest.csv
models:
  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, limits: {concurrency: 2}}
scorers: [exact]
`,
  });
}

async function collect(options: EvaluateOptions): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of evaluate({ env: {}, out: 'out', ...options })) events.push(event);
  return events;
}

test('yields the start, every result, and the end with the figures', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);

  const events = await collect({ cwd: folder.directory });

  expect(events.map(({ type }) => type)).toEqual(['start', ...Array(SAMPLES).fill('result'), 'end']);
  const end = events.at(-1);
  if (end?.type !== 'end') throw new Error('no end');
  expect(end.troubles).toEqual([]);
  expect(end.files).toContain('results.csv');
  expect(end.report.summary.find(({ metric }) => metric === 'score')).toMatchObject({ n: SAMPLES, value: 1 });
  expect(folder.list('out')).toContain('summary.csv');
});

test('results can be read again from the report when the run is over', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  const end = (await collect({ cwd: folder.directory, limit: 3 })).at(-1);
  if (end?.type !== 'end') throw new Error('no end');

  const ids: string[] = [];
  for await (const { sampleId } of end.report.results()) ids.push(sampleId);

  expect(ids).toEqual(['s0', 's1', 's2']);
});

test('waits for the caller: sends no request before its events are taken', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  const events = evaluate({ env: {}, out: 'out', cwd: folder.directory });
  await events.next();
  const first = await events.next();
  await endpoint.arrived(3);

  // Two cells at a time, each with its slot until its result is taken; a third starts when the first is taken.
  const before = endpoint.requests.length;
  await events.return();

  expect(first.value).toMatchObject({ type: 'result' });
  expect(before).toBeLessThanOrEqual(4);
});

test('leaving the loop stops the run, and a resumed run sends only what is missing', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  for await (const { type } of evaluate({ env: {}, out: 'out', cwd: folder.directory })) if (type === 'result') break;
  const asked = endpoint.requests.length;

  const [start, ...rest] = await collect({ cwd: folder.directory });

  expect(asked).toBeLessThan(SAMPLES);
  expect(start).toMatchObject({ type: 'start', done: asked });
  expect(rest.filter(({ type }) => type === 'result')).toHaveLength(SAMPLES - asked);
  expect(endpoint.requests).toHaveLength(SAMPLES);
});

test('a signal stops the run with its tables written', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  const stop = new AbortController();
  let last: RunEvent | null = null;
  for await (const event of evaluate({ env: {}, out: 'out', cwd: folder.directory, signal: stop.signal })) {
    last = event;
    if (event.type === 'result') stop.abort();
  }

  expect(last).toMatchObject({ type: 'end', troubles: [expect.stringMatching(/^stopped: \d+ cells have no result$/)] });
  expect(endpoint.requests.length).toBeLessThan(SAMPLES);
  expect(folder.list('out')).toContain('results.csv');
});

test('reports that a model is given up when it happens and at the end', async () => {
  await using endpoint = await startEndpoint({ status: 401, json: { error: { message: 'no' } } });
  using folder = folderFor(endpoint);

  const events = await collect({ cwd: folder.directory });

  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'limit',
      modelId: 'm',
      change: expect.objectContaining({ type: 'stop', kind: 'auth' }),
    }),
  );
  expect(events.at(-1)).toMatchObject({ troubles: [expect.stringContaining('m: '), expect.stringContaining('auth')] });
});

test('a wrong configuration is thrown before anything is sent or written', async () => {
  await using endpoint = await startEndpoint();
  using folder = folderFor(endpoint);
  folder.write({ 'manifest.csv': 'id,promt\na,b\n' });

  await expect(collect({ cwd: folder.directory })).rejects.toThrow(InputError);
  expect([endpoint.requests.length, folder.list().includes('out/journal.jsonl')]).toEqual([0, false]);
});
