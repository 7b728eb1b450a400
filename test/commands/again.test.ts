import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type CapturedRequest, chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { type Row, readRows } from '../helpers/tables.ts';

/** 12 prompt and 3 completion tokens at 1,000 USD per million. */
const CALL_USD = 0.015;

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  const rows = [
    { id: 'good', prompt: 'good', target: 'first' },
    { id: 'bad', prompt: 'bad', target: 'first' },
    { id: 'talk', turns: [{ user: 'one' }, { user: 'two' }] },
  ];
  folder = workspace({
    'manifest.jsonl': rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    'earsight.config.yaml': `dataset: manifest.jsonl
scorers: [exact]
maxErrorRate: 1
models:
  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, params: {maxTokens: 10}, price: {promptPerMillion: 1000, completionPerMillion: 1000}, limits: {concurrency: 1, retries: 0}}
`,
  });
  answerAll('first', { bad: 400 });
  await folder.run(['run', '--out', 'out', '--cache']);
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

/** Answers every request with one text, but those whose last message is in `statuses`. */
function answerAll(text: string, statuses: Readonly<Record<string, number>> = {}): void {
  endpoint.script((request) => {
    const status = statuses[askedBy(request).at(-1) ?? ''];
    return status === undefined
      ? { json: chatCompletion(text) }
      : { status, json: { error: { message: 'no such thing' } } };
  });
}

function askedBy({ json }: CapturedRequest): readonly string[] {
  return (json as { messages: { content: string }[] }).messages.map(({ content }) => content);
}

/** Resumes the run; returns what was asked, the last message of each request. */
async function resume(...options: readonly string[]): Promise<readonly (string | undefined)[]> {
  const before = endpoint.requests.length;
  await folder.run(['run', '--resume', 'out', ...options]);
  return endpoint.requests.slice(before).map((request) => askedBy(request).at(-1));
}

function rowOf(id: string): Row {
  return readRows(folder, 'out').find((row) => row['sample_id'] === id) ?? {};
}

const resultLines = () => folder.read('out/journal.jsonl').match(/"type":"result"/g)?.length;

test('asks cells whose failure is final once more; the old lines stay, the newest counts', async () => {
  expect(await resume()).toEqual([]);
  answerAll('first');

  const asked = await resume('--again', 'failed');

  expect(asked).toEqual(['bad']);
  expect(rowOf('bad')).toMatchObject({ status: 'completed', score: '1' });
  expect(resultLines()).toBe(4);
  expect(folder.read('out/journal.jsonl')).toContain('no such thing');
  expect(await resume('--again', 'failed')).toEqual([]);
});

test('asks chosen samples once more, a conversation from its first turn, and takes no answer from the cache', async () => {
  answerAll('second');

  const asked = await resume('--again', 'good', 'talk', '--cache');

  expect(asked).toEqual(['good', 'one', 'two']);
  expect(rowOf('good')).toMatchObject({ answer: 'second', score: '0' });
  expect(rowOf('talk')).toMatchObject({ answer: 'second' });
  expect(rowOf('bad')).toMatchObject({ status: 'failed' });
});

test('asks again after an interruption, although the option is not repeated', async () => {
  answerAll('', { good: 503 });
  await resume('--again', 'good');
  expect(rowOf('good')).toMatchObject({ status: 'failed', failure_kind: 'server' });
  answerAll('third');

  const asked = await resume();

  expect(asked).toEqual(['good']);
  expect(rowOf('good')).toMatchObject({ answer: 'third' });
  expect(await resume()).toEqual([]);
});

test('counts every answer that was paid for, and keeps the earlier one when the budget does not cover another', async () => {
  answerAll('second');
  await resume('--again', 'good');

  // Four calls were paid for by now, and the next one may cost more than what is left.
  const { stderr } = await folder.run([
    ...['run', '--resume', 'out', '--again', 'good', '--max-cost', String(4 * CALL_USD + 0.001)],
  ]);

  expect(stderr).toContain('m: the budget was reached, 1 cell was not asked again');
  expect(rowOf('good')).toMatchObject({ status: 'completed', answer: 'second' });
});

test('goes with --resume-changed: moved results are no new answers', async () => {
  const [first, ...others] = folder.read('manifest.jsonl').split('\n');
  folder.write({ 'manifest.jsonl': [...others.slice(0, 2), first, ''].join('\n') });
  answerAll('second');

  const asked = await resume('--resume-changed', '--again', 'good');

  expect(asked).toEqual(['good']);
  expect(rowOf('good')).toMatchObject({ answer: 'second' });
});

test('tables after --resume-changed show no set of scores that ended there, as later reports do', async () => {
  await folder.run(['score', 'out', '--as', 'fixed']);
  folder.write({ 'manifest.jsonl': folder.read('manifest.jsonl').replace('"prompt":"good"', '"prompt":"changed"') });

  const { stdout } = await folder.run(['run', '--resume', 'out', '--resume-changed']);

  expect(stdout).not.toContain('fixed');
  expect(Object.keys(rowOf('good'))).not.toContain('score@fixed');
  expect((await folder.run(['report', 'out'])).stdout).toBe(stdout);
});

test('says how many cells it asks again, and expects their cost', async () => {
  const { stderr } = await folder.run(['run', '--resume', 'out', '--again', 'good', 'failed']);

  expect(stderr).toContain('finished cells to ask again: 2\n');
  expect(stderr).toMatch(/expected cost .* · 2 requests/);
});

test.each([
  [
    'an unknown sample',
    ['--resume', 'out', '--again', 'goood', 'bad'],
    '--again: the run has no sample "goood" · results.csv has the ids',
  ],
  ['a new run', ['--out', 'new', '--again', 'bad'], '--again needs the run whose cells are asked again'],
  ['a replay', ['--resume', 'out', '--again', 'bad', '--replay', 'out'], '--again asks the models, --replay does not'],
  ['nothing', ['--resume', 'out', '--again'], '--again needs a non-empty value'],
])('rejects %s, and sends nothing', async (_what, argv, message) => {
  const before = endpoint.requests.length;

  const { code, stderr } = await folder.run(['run', ...argv]);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(endpoint.requests.length).toBe(before);
});

test('says that new answers have no scores in a set that was made before', async () => {
  await folder.run(['score', 'out', '--as', 'fixed']);
  answerAll('second');

  const { stderr } = await folder.run(['run', '--resume', 'out', '--again', 'good']);
  const { stderr: nothingNew } = await folder.run(['run', '--resume', 'out']);

  expect(stderr).toContain('1 answer is newer than the scores "fixed", which are shown · earsight score RUN makes');
  expect(nothingNew).not.toContain('newer than the scores');
});

test('a baseline and a gate advise --again where a plain resume would leave the failures as they are', async () => {
  folder.write({
    'strict.yaml': folder
      .read('earsight.config.yaml')
      .replace('maxErrorRate: 1', 'maxErrorRate: 0\ngates: {score: [error, {min: 0}]}'),
  });
  await folder.run(['run', 'strict.yaml', '--out', 'strict']);

  const baseline = await folder.run(['baseline', 'set', 'strict']);
  const gate = await folder.run(['gate', 'strict', '--config', 'strict.yaml']);

  expect(baseline.stderr).toContain('complete the run with earsight run --resume with --again failed');
  expect(gate.stdout).toContain('complete the run with earsight run --resume with --again failed');
});
