import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type CapturedRequest, chatCompletion, type Endpoint, type Reply, startEndpoint } from '../helpers/endpoint.ts';
import { readRows } from '../helpers/tables.ts';

const DEPRECATED = '`temperature` is deprecated for this model.';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  folder = workspace();
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

function write(samples: number, limits = 'concurrency: 1'): void {
  const rows = Array.from({ length: samples }, (_, index) => `s${index},say ${index}.,x\n`).join('');
  const wire = `provider: openai, endpoint: "${endpoint.url}/v1", model: any, auth: {type: none}`;
  folder.write({
    'manifest.csv': `id,prompt,target\n${rows}`,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n  - {id: m, ${wire}, limits: {${limits}}}\n`,
  });
}

const rejected = (message: string, status = 400, code?: string): Reply => ({
  status,
  json: { error: { message, ...(code === undefined ? {} : { code }) } },
});
const numberOf = ({ body }: CapturedRequest) => Number(/say (\d+)/.exec(body)?.[1]);
const asked = () => endpoint.requests.map(numberOf);

function kinds(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of readRows(folder, 'out')) {
    const kind = row['failure_kind'] === '' ? (row['status'] ?? '') : (row['failure_kind'] ?? '');
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

test.each([1, 8, 64])(
  '10,000 cells of a model that takes no request make a handful of requests, with %i at a time',
  async (concurrency) => {
    write(10_000, `concurrency: ${concurrency}`);
    endpoint.script((request) => rejected(`${DEPRECATED} (request ${numberOf(request)})`));

    const { code, stderr } = await folder.run(['run', '--out', 'out']);

    // The eighth reply stops the sending; those in flight, and the one of the end of the manifest, come on top.
    expect(endpoint.requests.length).toBeLessThanOrEqual(8 + concurrency);
    expect(endpoint.requests.length).toBeGreaterThanOrEqual(9);
    expect(asked().at(-1)).toBe(9999);
    expect(code).toBe(3);
    expect(stderr).toContain('m: the model was stopped: its first requests were all rejected');
    expect(stderr).toContain(DEPRECATED);
    expect(stderr).toContain('change what it names in params, extraBody or modalities');
    expect(kinds()).toEqual({ bad_request: 10_000 });
  },
  60_000,
);

test.each([
  ['404', rejected('The API deployment for this resource does not exist.', 404, 'DeploymentNotFound')],
  ['410', rejected('The model has been retired.', 410)],
])('a model that is gone (%s) is stopped at its first request', async (_, reply) => {
  write(200);
  endpoint.script(reply);

  const { code, stderr } = await folder.run(['run', '--out', 'out']);

  expect(endpoint.requests).toHaveLength(1);
  expect(code).toBe(3);
  expect(stderr).toContain('m: the model was stopped: the endpoint does not have it');
  expect(stderr).toContain('use another model or deployment');
});

test('a model that takes the last sample goes on, and what it rejected stays rejected', async () => {
  write(30);
  endpoint.script((request) => (numberOf(request) < 12 ? rejected('too many words') : undefined));

  const first = await folder.run(['run', '--out', 'out']);
  const again = await folder.run(['run', '--resume', 'out']);

  expect(asked()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 29, ...Array.from({ length: 21 }, (__, index) => index + 8)]);
  expect(kinds()).toEqual({ completed: 18, bad_request: 12 });
  expect([first.code, again.code]).toEqual([3, 3]);
});

test('cells of a stopped model are asked again on resume, those that it rejected included', async () => {
  write(40, 'concurrency: 4');
  endpoint.script(() => rejected(DEPRECATED));
  await folder.run(['run', '--out', 'out']);
  const before = endpoint.requests.length;
  endpoint.script(() => undefined);

  const { code } = await folder.run(['run', '--resume', 'out']);

  expect(code).toBe(0);
  expect(kinds()).toEqual({ completed: 40 });
  expect(
    asked()
      .slice(before)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 40 }, (_, index) => index));
});

test('a deployment that is deleted during a run keeps its answers, and the rest is asked again on resume', async () => {
  write(40, 'concurrency: 4');
  endpoint.script((_, index) => (index < 20 ? undefined : rejected('deployment not found', 404)));
  await folder.run(['run', '--out', 'out']);
  expect(endpoint.requests.length).toBeLessThanOrEqual(24);
  endpoint.script(() => undefined);

  const { code } = await folder.run(['run', '--resume', 'out']);

  expect(code).toBe(0);
  expect(new Set(asked()).size).toBe(40);
  expect(endpoint.requests.length).toBeLessThanOrEqual(44);
});

test('a few rejections of a model without an answer are final, as before', async () => {
  write(5);
  endpoint.script(() => rejected(DEPRECATED));
  await folder.run(['run', '--out', 'out']);
  await folder.run(['run', '--resume', 'out']);

  expect(endpoint.requests).toHaveLength(5);
  expect(folder.read('out/journal.jsonl')).not.toContain('modelStopped');
});

test('when all cells wait for the rate already, the last of them is tried', async () => {
  write(30, 'concurrency: 64, requestsPerMinute: 900');
  endpoint.script((request) => (numberOf(request) === 29 ? undefined : rejected(DEPRECATED)));

  await folder.run(['run', '--out', 'out']);

  expect(asked().indexOf(29)).toBeLessThan(15);
  expect(kinds()).toEqual({ completed: 1, bad_request: 29 });
  expect(folder.read('out/journal.jsonl')).toContain('"type":"trial"');
});

test('filtered prompts stop no model', async () => {
  write(30);
  endpoint.script(() => rejected('the prompt was filtered', 400, 'content_filter'));

  await folder.run(['run', '--out', 'out']);

  expect(kinds()).toEqual({ content_filter: 30 });
  expect(endpoint.requests).toHaveLength(30);
});

test('the trial waits for answers in flight: slow answers after fast rejections stop no model', async () => {
  write(100, 'concurrency: 16');
  const isLarge = (sample: number) => sample < 8 || sample === 99;
  endpoint.script((request) =>
    isLarge(numberOf(request))
      ? rejected('too large', 413)
      : { after: endpoint.arrived(16), json: chatCompletion('x') },
  );

  await folder.run(['run', '--out', 'out']);

  expect(endpoint.requests).toHaveLength(100);
});

test('a model that rejects images for one reason and text for another is stopped, too', async () => {
  write(2000);
  endpoint.script((request) => (numberOf(request) % 2 === 0 ? rejected('no images here') : rejected(DEPRECATED, 422)));

  await folder.run(['run', '--out', 'out']);

  expect(endpoint.requests.length).toBeLessThanOrEqual(16);
});
