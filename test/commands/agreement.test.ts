import { expect, test } from 'vitest';
import type { Score } from '../../src/result.ts';
import { workspace } from '../helpers/cli.ts';
import { answered, scoreOf } from '../helpers/results.ts';
import { writeRun } from '../helpers/run-folder.ts';

const graded = (value: number): Score => ({ ...scoreOf(value, 'judge'), unit: 'grade' });

test('compare and report show how scores agree with the labels of the manifest', async () => {
  using folder = workspace();
  const humans = ['C', 'P', 'I', ''];
  const results = humans.flatMap((human, index) =>
    ['m', 'k'].map((model) => {
      const value = model === 'm' && index < 2 ? [1, 0.5][index] : 0;
      return answered(value ?? 0, { model, index, scores: [graded(value ?? 0)], sample: { metadata: { human } } });
    }),
  );
  writeRun(`${folder.directory}/run`, results);

  const compared = await folder.run(['compare', 'run']);
  const report = await folder.run(['report', 'run', '--reporter', 'markdown', 'csv', 'json']);

  const sentence = "k: judge agrees with people on 33.3% (6.1–79.2) of 3 answers (by grade); Cohen's kappa 0.00";
  expect(compared.stdout).toContain(`${sentence}; 1 without a label\n`);
  expect(report.stdout).toContain(sentence);
  expect(JSON.parse(folder.read('run/report.json')).agreements).toMatchObject([
    { model: 'm', basis: 'grades', n: 3, unlabelled: 1, agreement: { value: 1 } },
    { model: 'k', n: 3, agreement: { value: 1 / 3 } },
  ]);
  expect(folder.read('run/report.md')).toContain(
    '| m | judge | grades | 3 | 100.0% (43.9–100.0) | 1.00 | 1 without a label |',
  );
  expect(folder.read('run/summary.csv')).toMatch(/^k,all,agreement\.judge,3,0\.333\d*,0\.061\d*,0\.792\d*,wilson,1$/mu);
});
