import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Result } from '../../src/result.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { startEndpoint } from '../helpers/endpoint.ts';
import { answered, failed } from '../helpers/results.ts';
import { type RunParts, writeRun } from '../helpers/run-folder.ts';

function answer(model: string, index: number, text: string, score: number, prompt = 'p'): Result {
  return {
    ...answered(score, { model, index, sample: { prompt } }),
    status: 'completed',
    outcome: 'answered',
    finishReason: 'stop',
    answer: text,
  };
}

const RESULTS = [
  ...Array.from({ length: 9 }, (_, index) => [answer('old', index, 'no', 0), answer('new', index, 'yes', 1)]).flat(),
  answer('old', 9, 'the total is 42 EUR', 1, 'What is the total?\nIn euros.'),
  answer('new', 9, 'the total is \u001b[31m24 EUR', 0, 'What is the total?\nIn euros.'),
];

function folderWith(results: readonly Result[], parts: RunParts = {}, name = 'run'): Workspace {
  const folder = workspace();
  writeRun(join(folder.directory, name), results, parts);
  return folder;
}

test('prints the verdict, the models, the pairs and what differs', async () => {
  using folder = folderWith(RESULTS);
  const { code, stdout, stderr } = await folder.run(['compare', 'run']);
  expect(code).toBe(0);
  expect(stderr).toBe('run/pairs.csv\n');
  await expect(stdout).toMatchFileSnapshot('../golden/compare.txt');
});

test('writes one row a sample and pair, the largest differences first', async () => {
  using folder = folderWith([...RESULTS, failed('timeout', { model: 'old', index: 10 })]);
  await folder.run(['compare', 'run']);
  const [head, ...rows] = folder.read('run/pairs.csv').trimEnd().split('\n');
  expect(head?.split(',').slice(0, 9)).toEqual([
    'sample_id',
    'a',
    'b',
    'a_score_all',
    'b_score_all',
    'difference',
    'same_answer',
    'a_state',
    'b_state',
  ]);
  expect(rows).toHaveLength(11);
  expect(rows[0]).toBe('s0,old,new,0,1,1,false,answered,answered,100,100,2,2,,');
  expect(rows[10]).toBe('s10,old,new,,,,,failed.timeout,missing,,,,,,');
});

test('pairs.csv has the permissions of the journal', async () => {
  using folder = folderWith(RESULTS);
  chmodSync(join(folder.directory, 'run/journal.jsonl'), 0o600);
  await folder.run(['compare', 'run']);
  expect(statSync(join(folder.directory, 'run/pairs.csv')).mode & 0o777).toBe(0o600);
});

test('prints one JSON document', async () => {
  using folder = folderWith(RESULTS);
  const { stdout } = await folder.run(['compare', 'run', '--json']);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ format: 'earsight-comparison', formatVersion: 1 });
  expect(document.pairs[0]).toMatchObject({ a: 'old', b: 'new', verdict: { n: 10, higherA: 1, higherB: 9 } });
});

test('shows samples with both answers and their difference, escaped', async () => {
  using folder = folderWith(RESULTS);
  const { stdout } = await folder.run(['compare', 'run', '--show', '10']);
  const shown = stdout.slice(stdout.indexOf('sample s9'));
  expect(shown).toBe(
    [
      'sample s9',
      '  prompt     What is the total?',
      '             In euros.',
      '  target     t',
      '  old · score_all 100.0% · answered',
      '    the total is 42 EUR',
      '  new · score_all 0.0% · answered',
      '    the total is \\x1b[31m24 EUR',
      '  words [-only old-] {+only new+}',
      '    the total is [-42-]{+\\x1b[31m24+} EUR',
      '',
    ].join('\n'),
  );
});

test('compares two runs, of which one may be the latest', async () => {
  using folder = workspace();
  const before = RESULTS.filter(({ modelId }) => modelId === 'old').map((result) => ({ ...result, modelId: 'm' }));
  const after = RESULTS.filter(({ modelId }) => modelId === 'new').map((result) => ({ ...result, modelId: 'm' }));
  mkdirSync(join(folder.directory, 'results'));
  writeRun(join(folder.directory, 'before'), before, { info: { name: 'before' } });
  writeRun(join(folder.directory, 'results/after'), after, { info: { name: 'after', runId: 'run-2' } });
  const { stdout, stderr } = await folder.run(['compare', 'before', 'latest']);
  expect(stdout).toMatch(/^m \(after\) is better than m \(before\) by 80\.0 points/);
  expect(stderr).toBe('results/after/pairs.csv\n');
});

test('a damaged line is named and its cell is dropped', async () => {
  using folder = folderWith(RESULTS);
  const lines = folder.read('run/journal.jsonl').split('\n');
  folder.write({ 'run/journal.jsonl': lines.with(2, (lines[2] ?? '').replace('"score":1', '"score":NaN')).join('\n') });
  const { stdout, stderr } = await folder.run(['compare', 'run', '--json']);
  expect(stderr).toContain('warning: journal.jsonl:3 is damaged and is ignored');
  expect(JSON.parse(stdout).pairs[0].verdict).toMatchObject({ n: 9, dropped: { onlyA: 1 } });
});

test.each([
  [['compare', 'run', 'run'], 'both runs are the same folder'],
  [['compare', 'nowhere'], 'nowhere is not a run folder'],
  [['compare', 'run', '--show', '-1'], '--show is -1'],
  [['compare', 'run', '--show', '1.5'], '--show is 1.5'],
  [['compare', 'run', '--against', 'odl'], 'did you mean "old"?'],
])('rejects %j', async (argv, message) => {
  using folder = folderWith(RESULTS);
  const { code, stdout, stderr } = await folder.run(argv);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
});

test('compares the newest scores, or those of a set', async () => {
  await using endpoint = await startEndpoint();
  using folder = workspace({
    'manifest.csv': 'id,prompt,target\na,say a,echo: say a\nb,say b,wrong\n',
    'earsight.config.yaml': [
      'dataset: manifest.csv',
      'scorers: [exact]',
      'models:',
      ...['x', 'y'].map(
        (id) => `  - {id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}}`,
      ),
      '',
    ].join('\n'),
  });
  await folder.run(['run', '--out', 'out']);
  await folder.run(['score', 'out', '--scorer', 'includes: say', '--as', 'second']);
  const scoresOf = async (...options: readonly string[]) => {
    const { runs, models } = JSON.parse((await folder.run(['compare', 'out', '--json', ...options])).stdout);
    return [runs[0].scoreSet, models[0].scores.score_all.value];
  };
  expect(await scoresOf()).toEqual(['second', 1]);
  expect(await scoresOf('--set', 'run')).toEqual(['run', 0.5]);
  expect((await folder.run(['compare', 'out', '--show', '1'])).stdout).toContain('2 samples · scores: second');
  expect((await folder.run(['compare', 'out', '--set', 'secnd'])).stderr).toContain('did you mean "second"?');
});
