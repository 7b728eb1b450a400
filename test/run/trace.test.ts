import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AttemptEvent } from '../../src/run/cell-context.ts';
import { openTrace } from '../../src/run/trace.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';

const KEY = 'k-3f2a9c77d1e84b0c';
const PROMPT = 'What is the capital of Freedonia?';
const ANSWER = 'Certainly Fredville';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  const wire = `endpoint: "${endpoint.url}/v1", model: m, auth: {type: key, env: K}, limits: {concurrency: 1, retries: 2}`;
  folder = workspace({
    'manifest.csv': `id,prompt,target\na,${PROMPT},x\nb,${PROMPT} Again.,x\n`,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n  - {id: m, provider: openai, ${wire}}\n`,
  });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

const run = (...options: readonly string[]) => folder.run(['run', '--out', 'out', ...options], { env: { K: KEY } });
const lines = () =>
  folder
    .read('t.jsonl')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

test('writes one JSON line for each attempt with model, sample, time, duration and outcome', async () => {
  endpoint.script([
    {
      status: 500,
      json: { error: { message: 'oops', code: 'overloaded' } },
      headers: { 'x-request-id': 'req-1', 'retry-after-ms': '2' },
    },
    { json: chatCompletion(ANSWER), headers: { 'x-request-id': 'req-2', 'x-ratelimit-remaining-requests': '7' } },
    { status: 400, json: { error: { message: 'no', code: 'bad' } } },
  ]);

  await run('--trace', 't.jsonl');

  const at = {
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    model: 'm',
    repeat: 0,
    turn: 0,
    duration_ms: expect.any(Number),
  };
  expect(lines()).toEqual([
    {
      ...at,
      sample_id: 'a',
      attempt: 1,
      outcome: 'server',
      status: 500,
      code: 'overloaded',
      retry_after_ms: 2,
      request_id: 'req-1',
    },
    // While the first waited for its next attempt, the second used its slot.
    {
      ...at,
      sample_id: 'b',
      attempt: 1,
      outcome: 'answered',
      first_token_ms: null,
      finish_reason: 'stop',
      prompt_tokens: 12,
      completion_tokens: 3,
      served_model: 'served-model',
      request_id: 'req-2',
      rate_limit: { remainingRequests: 7 },
    },
    { ...at, sample_id: 'a', attempt: 2, outcome: 'bad_request', status: 400, code: 'bad' },
  ]);
});

test('numbers the attempts of a conversation over all of its turns, as in the journal, which contains each answer once', async () => {
  const turns = [{ user: PROMPT }, { user: 'And of Sylvania?' }];
  folder.write({ 'talk.jsonl': `${JSON.stringify({ id: 't', turns })}\n` });
  endpoint.script([
    { json: chatCompletion(ANSWER) },
    { status: 500, headers: { 'retry-after-ms': '2' }, json: { error: { message: 'oops' } } },
  ]);

  await run('--trace', 't.jsonl', '--dataset', 'talk.jsonl');

  const journal = folder.read('out/journal.jsonl');
  const numbers = [
    [1, 0],
    [2, 1],
    [3, 1],
  ];
  expect(lines()).toMatchObject(numbers.map(([attempt, turn]) => ({ attempt, turn })));
  expect([...journal.matchAll(/"attempt":(\d+),"turn":(\d+)/g)].map(([, ...found]) => found.map(Number))).toEqual(
    numbers,
  );
  expect([...journal.matchAll(/"type":"turn"/g)]).toHaveLength(1);
});

test('contains neither key nor prompt nor answer, whatever the endpoint replies', async () => {
  endpoint.script([
    { status: 400, json: { error: { message: `${PROMPT} with ${KEY}`, code: PROMPT.slice(0, 30), type: KEY } } },
    { json: chatCompletion(ANSWER) },
  ]);

  await run('--trace', 't.jsonl');

  const trace = folder.read('t.jsonl');
  expect(lines()).toHaveLength(2);
  for (const secret of [KEY, PROMPT, PROMPT.slice(0, 20), ANSWER]) expect(trace).not.toContain(secret);
});

test('another run appends to the file, and answers from the journal or the cache are not attempts', async () => {
  await run('--trace', 't.jsonl', '--cache');
  await run('--trace', 't.jsonl', '--cache');
  await folder.run(['run', '--out', 'two', '--trace', 't.jsonl', '--cache'], { env: { K: KEY } });
  expect(lines()).toHaveLength(2);

  await folder.run(['run', '--out', 'three', '--trace', 't.jsonl'], { env: { K: KEY } });
  expect(lines()).toHaveLength(4);
});

test.each([
  ['nowhere/t.jsonl', 'nowhere/t.jsonl cannot be written (its folder does not exist)'],
  ['manifest.csv/t.jsonl', 'manifest.csv/t.jsonl cannot be written (its folder does not exist)'],
  ['.', 'cannot be written (it is a folder)'],
])('a trace to %s is rejected before anything is sent or created', async (path, message) => {
  const { code, stderr } = await run('--trace', path);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(endpoint.requests).toHaveLength(0);
  expect(folder.list().filter((path) => path.startsWith('out'))).toEqual([]);
});

test.each([
  ['in the folder of the run', ['--out', 'new'], 'new/t.jsonl'],
  ['next to the run folder, in a folder that is created with it', ['--out', 'deep/new'], 'deep/t.jsonl'],
  ['where runs go that name no folder', [], 'results/t.jsonl'],
])('a trace may be %s', async (_, out, path) => {
  const { code } = await folder.run(['run', ...out, '--trace', path], { env: { K: KEY } });

  expect(code).toBe(0);
  expect(folder.read(path)).toContain('"outcome":"answered"');
});

test.runIf(process.platform === 'linux')('a full disk ends the trace with one warning, not the run', () => {
  const said: string[] = [];
  const event = {
    cell: { model: { config: { id: 'm' } }, request: { sample: { id: 'a' } }, repeat: 0 },
    turn: 0,
    attempt: 1,
  };
  const attemptResult = { startedAt: '', durationMs: 1, result: { completion: { usage: null }, firstTokenMs: null } };
  const full = openSync('/dev/full', 'w');
  const write = (_: number, text: string) => writeSync(full, text);
  const trace = openTrace(join(folder.directory, 't.jsonl'), (line) => said.push(line), { write });

  for (let attempt = 0; attempt < 3; attempt += 1) trace.write({ ...event, attemptResult } as unknown as AttemptEvent);
  trace.close();
  closeSync(full);

  expect(said).toEqual([expect.stringContaining('ENOSPC')]);
});
