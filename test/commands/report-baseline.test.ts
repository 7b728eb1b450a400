import { expect, test, vi } from 'vitest';
import { readPage } from '../helpers/page-file.ts';
import { scriptedProject } from '../helpers/scripted-models.ts';

vi.setConfig({ testTimeout: 60_000 });

test('report.html compares each model with itself in the baseline, of a run and of a report', async () => {
  await using project = await scriptedProject({ samples: 8, models: ['m', 'n'] });
  const { folder } = project;
  const pageOf = () => readPage(folder.read('now/report.html'));
  folder.write({ 'earsight.config.yaml': folder.read('earsight.config.yaml').replace('[csv]', '[csv, html]') });
  project.behave((question) => (question === 1 ? 'no' : 'yes'));
  await folder.run(['run', '--out', 'a']);
  await folder.run(['baseline', 'set', 'a', '--out', 'main.jsonl']);
  project.behave((question) => (question === 0 ? 'no' : 'yes'));

  await folder.run(['run', '--out', 'now', '--baseline', 'main.jsonl', '--confirm', '0']);
  const ofRun = pageOf();
  await folder.run(['report', 'now', '--reporter', 'html']);
  const plain = pageOf();
  const { code } = await folder.run(['report', 'now', '--reporter', 'html', '--baseline', 'main.jsonl']);
  const again = pageOf();

  expect(code).toBe(0);
  expect(again).toEqual(ofRun);
  expect(again.head.baseline).toBe('main.jsonl');
  expect(again.head.comparison?.differences).toMatchObject([
    { model: 'm', base: 'the baseline', pairs: 8, difference: 0, better: 1, worse: 1 },
    { model: 'n', base: 'the baseline', pairs: 8, difference: 0, better: 1, worse: 1 },
  ]);
  expect(again.samples.slice(0, 3).map(({ was }) => was)).toEqual([
    [1, 1],
    [0, 0],
    [1, 1],
  ]);
  expect(plain.head.baseline).toBeNull();
  expect(plain.samples[0]).not.toHaveProperty('was');
});

test('a baseline of other scorers, or without a page to show it on, is rejected', async () => {
  await using project = await scriptedProject({ samples: 2 });
  const { folder } = project;
  await folder.run(['run', '--out', 'a']);
  await folder.run(['baseline', 'set', 'a', '--out', 'main.jsonl']);
  await folder.run(['score', 'a', '--scorer', 'includes']);

  const other = await folder.run(['report', 'a', '--reporter', 'html', '--baseline', 'main.jsonl']);
  const nowhere = await folder.run(['report', 'a', '--baseline', 'main.jsonl']);

  expect([other.code, nowhere.code]).toEqual([2, 2]);
  expect(other.stderr).toContain('was scored by other scorers or options than this run');
  expect(nowhere.stderr).toContain('--baseline is for report.html · add --reporter html');
});
