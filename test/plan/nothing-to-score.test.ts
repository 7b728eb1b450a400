import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';

const config = (scorers: string) =>
  `dataset: m.jsonl\nmodels: [{id: a, provider: openai, model: gpt-4o, auth: {type: none}}]\nscorers: ${scorers}\n`;

/** The warnings of `validate` about this manifest. */
async function warningsOf(scorers: string, ...rows: readonly object[]): Promise<readonly string[]> {
  using folder = workspace({
    'earsight.config.yaml': config(scorers),
    'm.jsonl': rows.map((row) => `${JSON.stringify({ prompt: 'hi', ...row })}\n`).join(''),
  });
  const { code, stderr } = await folder.run(['validate']);
  expect(code).toBe(0);
  return stderr.split('\n').filter((line) => line !== '');
}

test.each([
  [
    'a column of another name',
    '[exact]',
    [{ id: 'a', ground_truth: 'x', level: '1' }, { id: 'b' }],
    '"exact" will score nothing; these columns became metadata: "ground_truth", "level" · read it as the target: --map target=ground_truth, or dataset.map',
  ],
  [
    'columns that may be anything',
    '[{name: wer, as: words}, f1]',
    [{ id: 'a', x: '1' }],
    '"words", "f1" will score nothing; these columns became metadata: "x" · name the column with the targets "target"',
  ],
  ['no columns', '[exact]', [{ id: 'a' }], '"exact" will score nothing; write a column "target"'],
  [
    'another scorer that needs none',
    '[refusal, exact]',
    [{ id: 'a' }],
    '"exact" will score nothing; write a column "target"',
  ],
  ['scorers of its own', '[]', [{ id: 'a', scorer: 'cer' }], '"cer" will score nothing; write a column "target"'],
])('scorers and no target with %s', async (_, scorers, rows, message) => {
  expect(await warningsOf(scorers, ...rows)).toEqual([`warning: m.jsonl: no sample has a target, so ${message}`]);
});

test.each([
  ['one of several samples has a target', '[exact]', [{ id: 'a', target: 'x' }, { id: 'b' }]],
  ['the only target is empty', '[exact]', [{ id: 'a', target: '' }]],
  ['a turn has a target', '[exact]', [{ prompt: undefined, turns: [{ user: 'a', target: 'x' }, { user: 'b' }] }]],
  ['the scorer brings its target', '[{name: exact, target: x}]', [{ id: 'a' }]],
  ['there are neither targets nor scorers', '[]', [{ id: 'a', label: 'x' }]],
])('says nothing when %s', async (_, scorers, rows) => {
  expect(await warningsOf(scorers, ...rows)).toEqual([]);
});

test('a sample whose own scorer has no target is named, also where others have one', async () => {
  const rows = [
    { id: 'a', target: 'x' },
    { id: 'b', scorer: ['wer', 'refusal'] },
    { id: 'c', scorer: 'cer' },
  ];

  expect(await warningsOf('[exact]', ...rows)).toEqual([
    'warning: m.jsonl:2 has a sample without a target for its own scorer, 1 more follow: not scored by "wer", "cer"',
  ]);
});

test('targets without any scorer are named with a scorer that fits them', async () => {
  expect(await warningsOf('[]', { id: 'a', target: '1,200' }, { id: 'b', target: ['-3.5 %', '4'] })).toEqual([
    'warning: m.jsonl: 2 samples have a target and there is no scorer to compare answers with it; for such targets write scorers: [numeric]',
  ]);
});

test('run says it before anything is sent, and so does estimate', async () => {
  using folder = workspace({
    'earsight.config.yaml': config('[exact]'),
    'm.jsonl': '{"id": "a", "prompt": "hi", "label": "x"}\n',
  });

  for (const command of [['estimate'], ['run', '--max-cost', '0.0000001']])
    expect((await folder.run(command)).stderr).toContain('warning: m.jsonl: no sample has a target, so "exact" will');
});
