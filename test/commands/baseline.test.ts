import { expect, test } from 'vitest';
import { manifest, scriptedProject } from '../helpers/scripted-models.ts';

test('averages runs sample by sample into a file and a summary', async () => {
  await using project = await scriptedProject({ samples: 4 });
  const { folder } = project;
  project.behave((question, repeat) => (question === 2 && repeat === 1 ? 'no' : 'yes'));
  for (const name of ['a', 'b']) await folder.run(['run', '--out', name]);

  const { code, stdout } = await folder.run(['baseline', 'set', 'a', 'b', '--out', 'baselines/main.jsonl']);

  expect(code).toBe(0);
  expect(stdout).toBe('baselines/main.jsonl: 4 samples, 1 model, 2 runs · summary in baselines/main.md\n');
  const [, ...lines] = folder.read('baselines/main.jsonl').trimEnd().split('\n');
  const scores = lines.map((line) => JSON.parse(line).models.m.score_all);
  expect(scores).toEqual([
    [2, 2],
    [2, 2],
    [1, 2],
    [2, 2],
  ]);
  expect(folder.read('baselines/main.jsonl')).not.toContain('yes');
  expect(folder.read('baselines/main.md')).toContain('| m | score\\_all | 4 | 0.875 |');
});

test('keeps the answers only with --detail', async () => {
  await using project = await scriptedProject({ samples: 2 });
  await project.folder.run(['run', '--out', 'a']);

  await project.folder.run(['baseline', 'set', 'a', '--detail', '--out', 'b.jsonl']);

  expect(project.folder.read('b.jsonl')).toContain('"answers":["yes"]');
});

test.each([
  [['set', 'a', 'a'], {}, 2, 'a is given twice · name each run once\n'],
  [['get', 'a'], {}, 2, 'unknown action "get" of baseline · did you mean "set"?\n'],
  [
    ['set', 'a'],
    { CI: 'true' },
    2,
    'a baseline is not written in CI (the variable CI is set) · set it on your machine',
  ],
  [['set', 'a', '--out', 'manifest.csv'], {}, 2, 'manifest.csv is not a baseline, and would be overwritten'],
  [['set', 'nothing'], {}, 2, 'nothing is not a run folder'],
] as const)('rejects baseline %j with %j', async (argv, env, code, message) => {
  await using project = await scriptedProject({ samples: 2 });
  await project.folder.run(['run', '--out', 'a']);

  const outcome = await project.folder.run(['baseline', ...argv], { env });

  expect(outcome.code).toBe(code);
  expect(outcome.stderr).toContain(message);
  expect(project.folder.read('manifest.csv')).toBe(manifest(2));
});

test('writes in CI with --yes', async () => {
  await using project = await scriptedProject({ samples: 2 });
  await project.folder.run(['run', '--out', 'a']);

  const { code } = await project.folder.run(['baseline', 'set', 'a', '--yes'], { env: { CI: 'true' } });

  expect(code).toBe(0);
  expect(project.folder.list('baselines')).toEqual(['scripted.jsonl', 'scripted.md']);
});

test('a run with many missing answers is no baseline', async () => {
  await using project = await scriptedProject({ samples: 10 });
  project.behave((question) => (question < 4 ? 'error' : 'yes'));
  await project.folder.run(['run', '--out', 'a']);

  const { code, stderr } = await project.folder.run(['baseline', 'set', 'a']);

  expect(code).toBe(3);
  expect(stderr).toContain('a: m has no answer in 4 of 10 cells (4 server)');
  expect(project.folder.list()).not.toContain('baselines/scripted.jsonl');
});

test('a replay of a run adds nothing to it', async () => {
  await using project = await scriptedProject({ samples: 2 });
  await project.folder.run(['run', '--out', 'a']);
  await project.folder.run(['run', '--out', 'b', '--replay', 'a']);

  const { code, stderr } = await project.folder.run(['baseline', 'set', 'a', 'b']);

  expect(code).toBe(2);
  expect(stderr).toContain('b is a replay of');
});

test('runs of different prompts are not averaged', async () => {
  await using project = await scriptedProject({ samples: 3 });
  await project.folder.run(['run', '--out', 'a']);
  project.folder.write({ 'manifest.csv': manifest(3, 'new question') });
  await project.folder.run(['run', '--out', 'b']);

  const { code, stderr } = await project.folder.run(['baseline', 'set', 'a', 'b']);

  expect(code).toBe(2);
  expect(stderr).toContain('b has another sample "s0" than a');
});
