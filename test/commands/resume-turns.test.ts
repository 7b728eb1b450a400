import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scanJournal } from '../../src/journal/journal-scan.ts';
import { addLine, emptyProgress } from '../../src/journal/resume.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type CapturedRequest, chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { readRows } from '../helpers/tables.ts';

/** 12 prompt and 3 completion tokens at 1,000 USD per million. */
const TURN_USD = 0.015;

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  // The same conversation under two names: one request hash, two cells.
  const sample = (id: string) => JSON.stringify({ id, turns: [{ user: 'hello' }, { user: 'again' }] });
  const model = `{id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, params: {maxTokens: 10}, price: {promptPerMillion: 1000, completionPerMillion: 1000}, limits: {concurrency: 2, retries: 0}}`;
  folder = workspace({
    'manifest.jsonl': `${sample('a')}\n${sample('b')}\n`,
    'earsight.config.yaml': `dataset: manifest.jsonl\nmodels: [${model}]\nmaxErrorRate: 1\n`,
  });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

function contentsOf({ json }: CapturedRequest): readonly string[] {
  return (json as { messages: { content: string }[] }).messages.map(({ content }) => content);
}

/** Numbers its answers, and rejects second turns as too busy while `busy` is true. */
function answers(busy: () => boolean): void {
  endpoint.script((request, index) =>
    contentsOf(request).length > 1 && busy() ? { status: 503 } : { json: chatCompletion(`answer ${index}`) },
  );
}

async function spentUsd(): Promise<number> {
  const progress = emptyProgress();
  await scanJournal(join(folder.directory, 'out'), (line) => addLine(progress, line));
  return progress.spentUsd;
}

test('equal conversations of two samples keep their own answers after an interruption', async () => {
  let isBusy = true;
  answers(() => isBusy);
  await folder.run(['run', '--out', 'out']);
  isBusy = false;
  const before = endpoint.requests.length;

  const { code } = await folder.run(['run', '--resume', 'out']);

  const asked = endpoint.requests.slice(before).map(contentsOf);
  expect(code).toBe(0);
  expect(asked.map((contents) => contents.length)).toEqual([3, 3]);
  expect(asked.map(([, answer]) => answer).sort()).toEqual(['answer 0', 'answer 1']);
  expect(await spentUsd()).toBeCloseTo(4 * TURN_USD, 10);
});

test('a turn that was paid for once counts once, however often its cell runs again', async () => {
  let served = 0;
  // Only the third second turn gets an answer: the first run sends two of them, the next run gets it for one sample.
  answers(() => {
    served += 1;
    return served !== 3;
  });
  await folder.run(['run', '--out', 'out']);
  expect(await spentUsd()).toBeCloseTo(2 * TURN_USD, 10);
  await folder.run(['run', '--resume', 'out']);
  expect(await spentUsd()).toBeCloseTo(3 * TURN_USD, 10);
  await folder.run(['run', '--resume', 'out', '--max-cost', '1']);

  expect(await spentUsd()).toBeCloseTo(3 * TURN_USD, 10);
  expect(
    readRows(folder, 'out')
      .map(({ cost_usd }) => Number(cost_usd))
      .sort(),
  ).toEqual([TURN_USD, 2 * TURN_USD]);
});

test('a cell that failed after a paid turn keeps its result when the budget does not cover a retry', async () => {
  answers(() => true);
  await folder.run(['run', '--out', 'out']);
  const before = readRows(folder, 'out');

  const { code, stderr } = await folder.run(['run', '--resume', 'out', '--max-cost', '0.001']);

  expect(code).toBe(3);
  expect(stderr).toContain('m: the budget was reached, 2 cells were not asked again · raise --max-cost');
  expect(readRows(folder, 'out')).toEqual(before);
  expect(before.map(({ status, cost_usd }) => `${status} ${cost_usd}`)).toEqual(['failed 0.015', 'failed 0.015']);
});

test('an answer to a turn is not reused when the answer to the turn before is lost', async () => {
  const turns = ['one', 'two', 'three'].map((user) => ({ user }));
  folder.write({ 'manifest.jsonl': JSON.stringify({ id: 'a', turns }) });
  let isBusy = true;
  endpoint.script((request, index) =>
    contentsOf(request).length > 3 && isBusy ? { status: 503 } : { json: chatCompletion(`answer ${index}`) },
  );
  await folder.run(['run', '--out', 'out']);
  const journal = folder.read('out/journal.jsonl');
  folder.write({ 'out/journal.jsonl': journal.replace('answer 0', 'answer X') });
  isBusy = false;
  const before = endpoint.requests.length;

  const { code } = await folder.run(['run', '--resume', 'out']);

  expect(code).toBe(0);
  expect(endpoint.requests.slice(before).map(contentsOf)).toEqual([
    ['one'],
    ['one', 'answer 3', 'two'],
    ['one', 'answer 3', 'two', 'answer 4', 'three'],
  ]);
});

test('turns without usage of a failed conversation count as the most they may have cost', async () => {
  endpoint.script((request) =>
    contentsOf(request).length > 1 ? { status: 503 } : { json: chatCompletion('answer', { usage: undefined }) },
  );

  await folder.run(['run', '--out', 'out', '--max-cost', '1']);

  // Each of the two used its reservation: at least two answers of at most 10 tokens.
  expect(await spentUsd()).toBeGreaterThanOrEqual(2 * 2 * 0.01);
  expect(readRows(folder, 'out').map(({ cost_usd }) => cost_usd)).toEqual(['', '']);
});

test('a turn without usage counts once as the most it may have cost, and as nothing when it came from the cache', async () => {
  endpoint.script((request) =>
    contentsOf(request).length > 1 ? { status: 503 } : { json: chatCompletion('answer', { usage: undefined }) },
  );
  await folder.run(['run', '--out', 'out', '--max-cost', '1', '--cache']);
  const spent = await spentUsd();

  await folder.run(['run', '--resume', 'out', '--max-cost', '1']);
  expect(await spentUsd()).toBe(spent);
  await folder.run(['run', '--out', 'again', '--max-cost', '1', '--cache']);
  expect(folder.read('again/journal.jsonl')).not.toContain('assumedCostUsd');
});

test('a conversation that is in the cache needs no budget', async () => {
  answers(() => false);
  await folder.run(['run', '--out', 'one', '--cache']);
  const before = endpoint.requests.length;

  const { code } = await folder.run(['run', '--out', 'out', '--cache', '--max-cost', '0.0001']);

  expect(code).toBe(0);
  expect(endpoint.requests).toHaveLength(before);
  expect(readRows(folder, 'out').map(({ status, cost_usd }) => `${status} ${cost_usd}`)).toEqual([
    'completed 0',
    'completed 0',
  ]);
});

test('a resume without the cache continues after the turns that came from the cache', async () => {
  const turns = ['one', 'two', 'three'].map((user) => ({ user }));
  folder.write({ 'manifest.jsonl': JSON.stringify({ id: 'a', turns: turns.slice(0, 1) }) });
  await folder.run(['run', '--out', 'one', '--cache']);
  folder.write({ 'manifest.jsonl': JSON.stringify({ id: 'a', turns }) });
  let isBusy = true;
  endpoint.script((request, index) =>
    contentsOf(request).length > 3 && isBusy ? { status: 503 } : { json: chatCompletion(`answer ${index}`) },
  );
  await folder.run(['run', '--out', 'out', '--cache']);
  isBusy = false;
  const before = endpoint.requests.length;

  await folder.run(['run', '--resume', 'out']);

  const asked = endpoint.requests.slice(before).map(contentsOf);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.slice(0, 3)).toEqual(['one', 'echo: one', 'two']);
});
