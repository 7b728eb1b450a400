import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { journalOf, rewriteJournal } from '../helpers/journal-lines.ts';
import { readRows } from '../helpers/tables.ts';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  folder = workspace({
    'manifest.csv': 'id,prompt,target\na,say a,echo: say a\nb,say b,wrong\n',
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}}\nscorers: [exact]\nreporters: [csv, markdown, json]\n`,
  });
  expect((await folder.run(['run', '--out', 'out'])).code).toBe(0);
  expect(endpoint.requests).toHaveLength(2);
});
afterEach(async () => {
  expect(endpoint.requests).toHaveLength(2);
  await endpoint.close();
  folder[Symbol.dispose]();
});

test('corrected targets and other scorers become a second set beside the scores of the run, without a request', async () => {
  folder.write({ 'corrected.csv': 'id,prompt,target\nb,say b,say b\nnew,say c,x\na,say a,say a\n' });

  const { code, stdout, stderr } = await folder.run([
    ...['score', 'out', '--dataset', 'corrected.csv', '--scorer', 'includes', '{"name": "wer", "as": "rate"}'],
  ]);

  expect(code).toBe(0);
  expect(stderr).toContain('rescore-1: 2 of 2 cells have scores; nothing was sent');
  expect(stderr).toContain('1 sample of the manifest has no result in the run');
  expect(stdout).toContain('scores: @rescore-1 (includes 2, wer 2) · other sets: @run');
  expect(readRows(folder, 'out')).toMatchObject([
    { sample_id: 'a', score: '1', 'score.exact': '1', target: 'echo: say a', 'target@rescore-1': 'say a' },
    { sample_id: 'b', score: '0', 'score.exact': '0', target: 'wrong', 'score.includes@rescore-1': '1' },
  ]);
  expect(readRows(folder, 'out').map((row) => row['score.rate@rescore-1'])).toEqual(['0.5', '0.5']);
  const metrics = readRows(folder, 'out', 'summary.csv').map(({ metric }) => metric);
  expect(metrics).toEqual(expect.arrayContaining(['score@rescore-1', 'score.includes@rescore-1']));
  expect(JSON.parse(folder.read('out/report.json')).scoreSets).toMatchObject({
    used: 'rescore-1',
    all: [
      { name: 'run', scorers: [{ name: 'exact', version: 'exact 2' }] },
      { name: 'rescore-1', names: ['includes', 'rate'] },
    ],
  });
  expect(folder.read('out/report.md')).toContain('scores: &#64;rescore-1');
});

test('a report shows the newest set, or the one that is named', async () => {
  await folder.run(['score', 'out', '--scorer', 'includes: say', '--as', 'second']);

  const newest = await folder.run(['report', 'out']);
  const own = await folder.run(['report', 'out', '--set', 'run']);
  const unknown = await folder.run(['report', 'out', '--set', 'secnd']);

  expect(newest.stdout).toMatch(/m +2 +100\.0%/);
  expect(own.stdout).toMatch(/m +2 +50\.0%/);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "second"?') });
});

test.each<[readonly string[], string]>([
  [['--as', 'run'], 'the run has scores named "run" already'],
  [['--as', '=1'], '--as "=1" is no name of a set of scores'],
  [['--scorer', 'exactt'], 'did you mean "exact"?'],
  [['--scorer', '{"name":'], 'is not a JSON object with a name'],
  [['--scorer', 'exact', 'exact'], 'scorer "exact" is listed twice'],
  [['--dataset', 'gone.csv'], 'gone.csv'],
])('%j is rejected and leaves the journal as it is', async (options, message) => {
  const before = folder.read('out/journal.jsonl');

  const { code, stderr } = await folder.run(['score', 'out', ...options]);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(folder.read('out/journal.jsonl')).toBe(before);
});

test('the answer to another prompt is not scored, and what a set does not have is missing in it', async () => {
  folder.write({ 'other.csv': 'id,prompt,target\na,say something else,echo: say a\n' });

  const { stderr } = await folder.run(['score', 'out', '--dataset', 'other.csv']);

  expect(stderr).toContain('rescore-1: 0 of 2 cells have scores');
  expect(stderr).toContain('1 sample asks something else than the run did');
  expect(readRows(folder, 'out')).toMatchObject([
    { 'score.exact': '1', 'outcome@rescore-1': 'answered', 'score@rescore-1': '' },
    { 'score.exact': '0', 'outcome@rescore-1': 'answered', 'score@rescore-1': '' },
  ]);
});

test('a stop before the end leaves no set', async () => {
  const { code, stderr } = await folder.run(['score', 'out'], { stop: AbortSignal.abort(130) });

  expect(code).toBe(130);
  expect(stderr).toContain('the run has no new scores');
  expect((await folder.run(['report', 'out'])).stdout).not.toContain('scores:');
});

test('a report scores answers with scores of other versions again, and says so', async () => {
  rewriteJournal(folder, 'out', (line) => line.replaceAll('"version":"exact 2"', '"version":"exact 1"'));
  const first = await folder.run(['report', 'out']);

  expect(first.stderr).toContain('2 answers: their scores are of other versions of the scorers (exact 1)');
  expect(first.stderr).toContain('scored again without a request, as rescore-1');
  expect(readRows(folder, 'out')).toMatchObject([{ 'score.exact@rescore-1': '1' }, { 'score.exact@rescore-1': '0' }]);
  expect((await folder.run(['report', 'out'])).stderr).not.toContain('again');
});

test('where the manifest has changed, a report keeps scores of other versions and says why', async () => {
  rewriteJournal(folder, 'out', (line) => line.replaceAll('"version":"exact 2"', '"version":"exact 1"'));
  folder.write({ 'manifest.csv': 'id,prompt,target\na,say a,other\nb,say b,other\n' });

  const { code, stderr, stdout } = await folder.run(['report', 'out']);

  expect(code).toBe(0);
  expect(stderr).toContain('cannot be scored again (manifest.csv has changed since the run)');
  expect(stdout).toMatch(/m +2 +50\.0%/);
});

test('a resumed run scores answers with scores of other versions again, and keeps later sets', async () => {
  await folder.run(['score', 'out', '--scorer', 'includes: say']);
  rewriteJournal(folder, 'out', (line) => line.replaceAll('"version":"exact 2"', '"version":"exact 1"'));

  const { code, stderr } = await folder.run(['run', '--resume', 'out']);

  expect(code).toBe(0);
  expect(stderr).toContain('2 kept answers are scored again without a request');
  expect(journalOf(folder, 'out').filter(({ type }) => type === 'result')).toHaveLength(4);
  expect(readRows(folder, 'out')).toMatchObject([
    { 'score.exact': '1', 'score.includes@rescore-1': '1' },
    { 'score.exact': '0', 'score.includes@rescore-1': '1' },
  ]);
  expect((await folder.run(['run', '--resume', 'out'])).stderr).not.toContain('scored again');
});

test('corrected targets are named where a sample is shown and where two runs are compared', async () => {
  folder.write({ 'corrected.csv': 'id,prompt,target\na,say a,echo: say a\nb,say b,echo: say b\n' });
  await folder.run(['score', 'out', '--dataset', 'corrected.csv', '--as', 'fixed']);
  await folder.run(['run', '--replay', 'out', '--out', 'second']);

  const shown = await folder.run(['show', 'out', 'b']);
  const compared = await folder.run(['compare', 'out', 'second']);
  const unknown = await folder.run(['compare', 'out', 'second', '--set', 'fixed']);

  expect(shown.stdout).toContain('  target     echo: say b\n  scores     fixed\n');
  expect(compared.stdout).toContain('1 sample in common · scores: fixed and run\n');
  expect(compared.stdout).toContain('1 sample with other media or targets, not compared: b\n');
  expect(compared.stdout).not.toContain('only in the');
  expect(unknown.stderr).toMatch(/second the run has no set of scores "fixed" · known: run/);
});

test('an answer without a value is no cell with scores', async () => {
  const { stderr } = await folder.run(['score', 'out', '--scorer', '{"name": "numeric", "target": "3"}']);

  expect(stderr).toContain('rescore-1: 0 of 2 cells have scores');
});
