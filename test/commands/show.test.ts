import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';

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
        '  exact      0.0%',
        '  attempts   1 attempt',
        '  latency    9 ms, queued for 9 ms',
        '  tokens     12 prompt, 3 completion',
        '  cost       unpriced',
        '  served by  served-model',
        '  request    chatcmpl-1',
        '',
      ].join('\n'),
    );
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
