import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { openRecorded } from '../helpers/recorded-run.ts';
import { readRows } from '../helpers/tables.ts';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  const model = (id: string) =>
    `  - {id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, limits: {concurrency: 1, retries: 0}}`;
  folder = workspace({
    'manifest.jsonl': [
      { id: 'good', prompt: 'Say yes.\nOnly that.', target: 'yes', tags: ['a'], meta: { page: '7' } },
      { id: 'bad', prompt: 'Say no.', target: 'no' },
    ]
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
    'earsight.config.yaml': `dataset: manifest.jsonl\nconcurrency: 1\nscorers: [exact]\nmodels:\n${model('one')}\n`,
  });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

describe('a run with one answer and one failure', () => {
  beforeEach(async () => {
    endpoint.script([
      { json: chatCompletion('yes\u001b[31m\nreally') },
      { status: 400, json: { error: { message: 'the model takes no such thing', code: 'no_such_thing' } } },
    ]);
    await folder.run(['run', '--out', 'out']);
  });

  test('shows a sample whole: what was asked, what was answered, scores, tokens and cost', async () => {
    const { code, stdout } = await folder.run(['show', 'out', 'good']);

    expect(code).toBe(0);
    expect(stdout.replace(/\d+(\.\d+)? m?s/g, '9 ms')).toBe(
      [
        'sample good',
        '  prompt     Say yes.',
        '             Only that.',
        '  target     yes',
        '  tags       a',
        '  meta.page  7',
        '',
        'one · answered',
        '  answer     yes\\x1b[31m',
        '             really',
        '  diff       yes{+\\x1b[31m+}',
        '             {+really+}',
        '  exact      0.0%',
        '  attempts   1 attempt',
        '  latency    9 ms, queued for 9 ms',
        '  tokens     12 prompt, 3 completion',
        '  cost       unpriced',
        '  served by  served-model',
        '  request    chatcmpl-1',
        '',
        'diff: [-only in the target-] {+only in the answer+}',
        '',
      ].join('\n'),
    );
  });

  test('shows the difference to the target in colour where it is wanted', async () => {
    const { stdout } = await folder.run(['show', 'out', 'good'], { env: { FORCE_COLOR: '1' } });

    expect(stdout).toContain('diff       yes\u001b[32m{+\\x1b[31m+}\u001b[0m');
  });

  test('shows all failures with their reasons and nothing else', async () => {
    const { code, stdout } = await folder.run(['show', 'out', '--failed']);

    expect(code).toBe(0);
    expect(stdout).toContain('sample bad\n');
    expect(stdout).toContain('  failure    bad_request · HTTP 400 · no_such_thing\n');
    expect(stdout).toContain('  reason     the model takes no such thing\n');
    expect(stdout).not.toContain('sample good');
  });

  test.each([
    ['an unknown sample', ['goood'], 'the run holds no result of the sample "goood" · results.csv has all ids'],
    ['an unknown model', ['good', '--model', 'onne'], 'the run has no model "onne" · did you mean "one"?'],
    ['neither a sample nor --failed', [], 'nothing to show · name a sample, or give --failed for all failures'],
    [
      'a sample that did not fail, with --failed',
      ['good', '--failed'],
      'the run holds no failure of the sample "good"',
    ],
  ])('rejects %s', async (_what, argv, message) => {
    const { code, stdout, stderr } = await folder.run(['show', 'out', ...argv]);

    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });
});

test('shows each turn of a conversation by itself, also those that have no answer', async () => {
  const turns = [{ user: 'one', target: 'red' }, { user: 'two', target: 'blue' }, { user: 'three' }];
  writeFileSync(join(folder.directory, 'manifest.jsonl'), `${JSON.stringify({ id: 'c', turns })}\n`);
  endpoint.script([
    { json: chatCompletion('red') },
    { json: chatCompletion('<think>so</think>green') },
    { status: 400, json: { error: { message: 'no more' } } },
  ]);
  await folder.run(['run', '--out', 'out']);

  const { stdout } = await folder.run(['show', 'out', 'c']);

  expect(stdout.replace(/\d+(\.\d+)? m?s/g, '9 ms')).toContain(
    [
      'one · failed',
      '  turn 1 · answered',
      '  prompt     one',
      '  target     red',
      '  answer     red',
      '  score      100.0%',
      '  measured   9 ms, 12 prompt, 3 completion',
      '  turn 2 · answered',
      '  prompt     two',
      '  target     blue',
      '  thinking   so',
      '  answer     green',
      '  score      0.0%',
      '  measured   9 ms, 12 prompt, 3 completion',
      '  turn 3 · no answer',
      '  prompt     three',
      '  all turns',
      '  failure    bad_request · HTTP 400',
      '  reason     no more',
    ].join('\n'),
  );
  const rows = readRows(folder, 'out', 'turns.csv');
  expect(rows.map(({ turn, answer, target, score, finish_reason: end }) => [turn, answer, target, score, end])).toEqual(
    [
      ['1', 'red', 'red', '1', 'stop'],
      ['2', 'green', 'blue', '0', 'stop'],
      ['3', '', '', '', ''],
    ],
  );
});

test('reads the turns of a run of an earlier version: answers and tokens, and nothing that it did not keep', async () => {
  using run = openRecorded('turns');

  await run.folder.run(['report', 'out', '--reporter', 'csv']);
  const { stdout } = await run.folder.run(['show', 'out', 'words']);

  const rows = readRows(run.folder, 'out', 'turns.csv');
  const results = readRows(run.folder, 'out');
  expect(rows.length).toBeGreaterThan(results.length);
  for (const row of rows) expect(row).toMatchObject({ score: '', latency_ms: '', cost_usd: '' });
  for (const { sample_id: id, model, answer } of results.filter(({ status }) => status === 'completed')) {
    const last = rows.findLast((row) => row['sample_id'] === id && row['model'] === model);
    expect(last).toMatchObject({ answer });
  }
  expect(stdout).toMatch(/ {2}turn 1 · answered\n {2}answer /);
});

test('under a later set of scores the turns have none of their own, because the set scores whole conversations', async () => {
  const turns = [
    { user: 'one', target: 'red' },
    { user: 'two', target: 'blue' },
  ];
  writeFileSync(join(folder.directory, 'manifest.jsonl'), `${JSON.stringify({ id: 'c', turns })}\n`);
  endpoint.script([{ json: chatCompletion('red') }, { json: chatCompletion('red') }]);
  await folder.run(['run', '--out', 'out']);
  const before = readRows(folder, 'out', 'turns.csv').map(({ score }) => score);

  const { code } = await folder.run(['score', 'out']);

  await folder.run(['report', 'out', '--reporter', 'csv']);
  expect(code).toBe(0);
  expect(before).toEqual(['1', '0']);
  expect(readRows(folder, 'out', 'turns.csv').map(({ score }) => score)).toEqual(['', '']);
});
