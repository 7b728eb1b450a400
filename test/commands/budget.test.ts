import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { wavBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

const SAMPLES = 40;
/** 12 prompt and 3 completion tokens at 1,000 USD per million. */
const CELL_USD = 0.015;

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},say ${index},x\n`).join('');
  folder = workspace({ 'manifest.csv': `id,prompt,target\n${rows}`, 'earsight.config.yaml': configOf(modelOf('m')) });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

function modelOf(id: string, path = 'v1'): string {
  const price = 'price: {promptPerMillion: 1000, completionPerMillion: 1000}';
  const wire = `endpoint: "${endpoint.url}/${path}", model: ${id}, auth: {type: none}, params: {maxTokens: 10}`;
  return `{id: ${id}, provider: openai, ${wire}, ${price}, limits: {concurrency: 8, retries: 0}}`;
}

function configOf(...models: readonly string[]): string {
  return `dataset: manifest.csv\nmodels:\n${models.map((model) => `  - ${model}\n`).join('')}`;
}

function statuses(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of readRows(folder, 'out')) {
    const name = [row['status'], row['failure_kind']].filter((part) => part !== '').join(' ');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Slightly more than three attempts of the first cell reserve. */
async function threeAttempts(): Promise<string> {
  await folder.run(['run', '--out', 'probe', '--max-cost', '0.0001']);
  const [, high = ''] = /does not cover the \$([\d.]+)/u.exec(folder.read('probe/journal.jsonl')) ?? [];
  return String(Number(high) * 3.03);
}

test('cells are sent while they fit, the rest is skipped, and a run with a higher budget continues', async () => {
  const first = await folder.run(['run', '--out', 'out', '--max-cost', '0.3']);
  const sent = endpoint.requests.length;

  expect(first.code).toBe(3);
  expect(first.stderr).toContain('the budget was reached');
  expect(sent).toBeGreaterThan(5);
  expect(sent * CELL_USD).toBeLessThanOrEqual(0.3);
  expect(statuses()).toEqual({ completed: sent, 'skipped budget': SAMPLES - sent });

  const same = await folder.run(['run', '--resume', 'out', '--max-cost', '0.3']);
  expect(same.code).toBe(3);
  expect(endpoint.requests.length * CELL_USD).toBeLessThanOrEqual(0.3);

  const more = await folder.run(['run', '--resume', 'out', '--max-cost', '5']);
  expect(more.code).toBe(0);
  expect(endpoint.requests).toHaveLength(SAMPLES);
  expect(statuses()).toEqual({ completed: SAMPLES });
});

test('the calibration limits a cell: an endpoint that counts more tokens gets no more of the budget', async () => {
  const hidden = { prompt_tokens: 1000, completion_tokens: 3, total_tokens: 1003 };
  endpoint.script(() => ({ json: chatCompletion('x', { usage: hidden }) }));
  await folder.run(['run', '--out', 'first']);
  const calibrated = await folder.run(['calibrate', 'first']);
  const before = endpoint.requests.length;

  const { code } = await folder.run(['run', '--out', 'out', '--max-cost', '2.5']);

  expect([calibrated.code, code]).toEqual([0, 3]);
  expect(endpoint.requests.length - before).toBe(2);
  expect(statuses()).toEqual({ completed: 2, 'skipped budget': SAMPLES - 2 });
});

test('a model that rejects every request uses none of the other model’s budget', async () => {
  endpoint.script(({ path }) =>
    path.startsWith('/bad') ? { status: 400, json: { error: { message: 'no' } } } : undefined,
  );
  folder.write({ 'earsight.config.yaml': configOf(modelOf('bad', 'bad'), modelOf('m')) });

  await folder.run(['run', '--out', 'out', '--max-cost', String(SAMPLES * CELL_USD + 0.5)]);

  expect(statuses()).toEqual({ completed: SAMPLES, 'failed bad_request': SAMPLES });
});

test('answers without usage count as the most they may have cost, also after a resume', async () => {
  endpoint.script(() => ({ json: chatCompletion('x', { usage: null }) }));
  await folder.run(['run', '--out', 'out', '--max-cost', '0.3']);
  const sent = endpoint.requests.length;

  const again = await folder.run(['run', '--resume', 'out', '--max-cost', '0.3']);

  expect(sent).toBeLessThan(SAMPLES);
  expect(again.code).toBe(3);
  expect(endpoint.requests).toHaveLength(sent);
});

test('answers that are kept for a changed manifest are not paid for twice', async () => {
  await folder.run(['run', '--out', 'out']);
  folder.write({ 'manifest.csv': `${folder.read('manifest.csv')}new,say more,x\n` });
  await folder.run(['run', '--out', 'out', '--resume-changed', '--max-cost', '1']);
  expect(statuses()).toEqual({ completed: SAMPLES + 1 });
  folder.write({ 'manifest.csv': `${folder.read('manifest.csv')}newer,say more still,x\n` });

  // 41 answers cost 0.615; if the 40 moved ones were counted again, it would be 1.215.
  const last = await folder.run(['run', '--out', 'out', '--resume-changed', '--max-cost', '1']);

  expect(last.code).toBe(0);
  expect(endpoint.requests).toHaveLength(SAMPLES + 2);
});

test('answers from the cache need no budget', async () => {
  await folder.run(['run', '--out', 'one', '--cache']);

  const { code } = await folder.run(['run', '--out', 'out', '--cache', '--max-cost', '0.0001']);

  expect(code).toBe(0);
  expect(statuses()).toEqual({ completed: SAMPLES });
  expect(endpoint.requests).toHaveLength(SAMPLES);
});

test('a budget for a model without a price is rejected before anything is sent', async () => {
  const unpriced = `{id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: unheard-of, auth: {type: none}}`;
  folder.write({ 'earsight.config.yaml': configOf(unpriced) });

  const { code, stderr } = await folder.run(['run', '--out', 'out', '--max-cost', '1']);

  expect(code).toBe(2);
  expect(stderr).toContain('"m": no price is known for unheard-of');
  expect(endpoint.requests).toHaveLength(0);
});

test('a cell with a medium that has no price is skipped, the others are sent', async () => {
  folder.write({
    'mixed.jsonl': '{"id":"clip","prompt":"Transcribe.","audio":"a.wav"}\n{"id":"text","prompt":"say"}\n',
    'a.wav': wavBytes({ seconds: 1 }),
    'earsight.config.yaml': configOf(modelOf('m').replace('id: m', 'id: m, modalities: [text, audio]')),
  });

  await folder.run(['run', '--out', 'out', '--dataset', 'mixed.jsonl', '--max-cost', '1']);

  expect(statuses()).toEqual({ completed: 1, 'skipped budget': 1 });
  expect(endpoint.requests).toHaveLength(1);
  expect(folder.read('out/journal.jsonl')).toContain('the price of this model is not known');
});

test('attempts that timed out before the answer count as the most they may have cost, also after a resume', async () => {
  const slow = { hang: true } as const;
  let asked = 0;
  endpoint.script(() => {
    asked += 1;
    return asked <= 2 ? slow : { json: chatCompletion('x') };
  });
  folder.write({
    'manifest.csv': 'id,prompt,target\na,say,x\nb,say more,x\n',
    'earsight.config.yaml': configOf(modelOf('m'))
      .replace('retries: 0', 'retries: 2, timeoutMs: 100')
      .replace('concurrency: 8', 'concurrency: 1'),
  });

  const { code } = await folder.run(['run', '--out', 'out', '--max-cost', await threeAttempts()]);
  expect(code).toBe(3);
  expect(statuses()).toEqual({ completed: 1, 'skipped budget': 1 });

  const same = await folder.run(['run', '--resume', 'out', '--max-cost', await threeAttempts()]);
  expect(same.code).toBe(3);
  expect(endpoint.requests).toHaveLength(3);
});

test('the reservation for another attempt is returned when its cell ends, not when all cells end', async () => {
  const failed = new Set<string>();
  endpoint.script(({ body }) => {
    if (body.includes('"slow"')) return { after: endpoint.arrived(4), json: chatCompletion('x') };
    if (!body.includes('"again"') || failed.has(body)) return undefined;
    failed.add(body);
    return { status: 500, headers: { 'retry-after-ms': '1' }, json: { error: { message: 'oops' } } };
  });
  folder.write({
    'manifest.csv': 'id,prompt,target\na,slow,x\nb,again,x\nc,more,x\n',
    'earsight.config.yaml': configOf(modelOf('m'))
      .replace('retries: 0', 'retries: 1')
      .replace('concurrency: 8', 'concurrency: 2'),
  });

  // Enough for the reservations of three attempts, and for one answer.
  const { code } = await folder.run([
    'run',
    '--out',
    'out',
    '--max-cost',
    String(1.25 * Number(await threeAttempts())),
  ]);

  expect(code).toBe(0);
  expect(statuses()).toEqual({ completed: 3 });
});

test('an attempt that may have been billed is not retried when the budget does not cover another one', async () => {
  endpoint.script({ hang: true });
  folder.write({
    'manifest.csv': 'id,prompt,target\na,say,x\nb,pay,x\n',
    'earsight.config.yaml': configOf(modelOf('m')).replace('retries: 0', 'retries: 5, timeoutMs: 100'),
  });

  const { code } = await folder.run(['run', '--out', 'out', '--max-cost', await threeAttempts()]);

  expect(code).toBe(3);
  expect(endpoint.requests).toHaveLength(3);
  const spent = [...folder.read('out/journal.jsonl').matchAll(/"assumedCostUsd":([\d.]+)/g)].map(([, usd]) =>
    Number(usd),
  );
  expect(spent.reduce((sum, usd) => sum + usd, 0)).toBeLessThanOrEqual(Number(await threeAttempts()));
});

test('a budget with a price for the prompt only is rejected before anything is sent', async () => {
  folder.write({ 'earsight.config.yaml': configOf(modelOf('m')).replace(', completionPerMillion: 1000', '') });

  const { code, stderr } = await folder.run(['run', '--out', 'out', '--max-cost', '1']);

  expect(code).toBe(2);
  expect(stderr).toContain('set the price of prompt and completion tokens');
  expect(endpoint.requests).toHaveLength(0);
});

test('a stop while a model waits for its rate limit charges nothing to the budget', async () => {
  const stop = new AbortController();
  endpoint.script(() => {
    stop.abort(130);
    return { status: 429, headers: { 'retry-after': '30' }, json: { error: { message: 'slow down' } } };
  });
  folder.write({ 'manifest.csv': 'id,prompt,target\na,say,x\n' });

  await folder.run(['run', '--out', 'out', '--max-cost', '1'], { stop: stop.signal });

  expect(endpoint.requests).toHaveLength(1);
  expect(folder.read('out/journal.jsonl')).not.toContain('assumedCostUsd');
});

/** An endpoint whose answers have so many completion tokens. */
function answersOf(tokens: number, details: Readonly<Record<string, number>> = {}): void {
  const usage = { prompt_tokens: 12, completion_tokens: tokens, total_tokens: 12 + tokens };
  endpoint.script(() => ({ json: chatCompletion('x', { usage: { ...usage, completion_tokens_details: details } }) }));
}

function costUsd(): number {
  return readRows(folder, 'out').reduce((sum, row) => sum + Number(row['cost_usd'] ?? 0), 0);
}

/** Without a limit for the answer. */
const unlimited = (id: string) => modelOf(id).replace(', params: {maxTokens: 10}', '');

test('a reasoning model stays within the budget without being named as one in the configuration', async () => {
  answersOf(6005, { reasoning_tokens: 5900 });
  const [price = ''] = /, price: \{.*?\}/.exec(modelOf('o4-mini')) ?? [];
  folder.write({ 'earsight.config.yaml': configOf(unlimited('o4-mini').replace(price, '')) });

  const { code } = await folder.run(['run', '--out', 'out', '--max-cost', '0.15']);

  expect(code).toBe(3);
  expect(endpoint.requests).toHaveLength(5);
  expect(costUsd()).toBeGreaterThan(0.1);
  expect(costUsd()).toBeLessThanOrEqual(0.15);
});

test.each([{ reasoning_tokens: 5900 }, {}])(
  'a model whose name says nothing stays within the budget, however long its answers are %j',
  async (details) => {
    answersOf(6005, details);
    folder.write({ 'earsight.config.yaml': configOf(unlimited('prod')) });

    await folder.run(['run', '--out', 'out', '--max-cost', '20']);
    expect(costUsd()).toBeGreaterThan(6);
    expect(costUsd()).toBeLessThanOrEqual(20);

    const again = await folder.run(['run', '--resume', 'out', '--max-cost', '45']);
    expect(again.code).toBe(3);
    expect(costUsd()).toBeGreaterThan(30);
    expect(costUsd()).toBeLessThanOrEqual(45);
  },
);

test('answers that become longer exceed the budget by those in flight only', async () => {
  endpoint.script((_, index) => {
    const tokens = index < 10 ? 5 : 6000;
    const usage = { prompt_tokens: 12, completion_tokens: tokens, total_tokens: 12 + tokens };
    return { json: chatCompletion('x', { usage }) };
  });
  folder.write({ 'earsight.config.yaml': configOf(unlimited('prod').replace('concurrency: 8', 'concurrency: 2')) });

  await folder.run(['run', '--out', 'out', '--max-cost', '10']);

  expect(costUsd()).toBeLessThanOrEqual(10 + 2 * 5);
});
