import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotations } from '../../src/gate/github.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';
import { scriptedProject } from '../helpers/scripted-models.ts';

async function regressed(samples: number) {
  const project = await scriptedProject({ samples, config: '' });
  await project.folder.run(['run', '--out', 'a']);
  await project.folder.run(['baseline', 'set', 'a', '--out', 'main.jsonl']);
  project.behave((question) => (question < samples / 2 ? 'no' : 'yes'));
  const reporters = project.folder.read('earsight.config.yaml').replace('[csv]', '[csv, markdown, junit]');
  project.folder.write({ 'earsight.config.yaml': reporters, 'summary.md': '' });
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: project.folder.directory,
    GITHUB_STEP_SUMMARY: join(project.folder.directory, 'summary.md'),
  };
  const outcome = await project.folder.run(['run', '--out', 'now', '--baseline', 'main.jsonl', '--quiet'], { env });
  return { project, outcome, env };
}

test('writes at most ten annotations: the verdict, then the worst samples at their lines', async () => {
  const { project, outcome } = await regressed(40);
  await using _ = project;

  const lines = outcome.stderr.split('\n').filter((line) => line.startsWith('::'));
  expect(outcome.code).toBe(1);
  expect(lines).toHaveLength(10);
  expect(lines[0]).toMatch(/^::error title=earsight gate%3A regressed::m: score 100\.0 %25 → 50\.0 %25/);
  expect(lines[1]).toBe('::error file=manifest.csv,line=2,title=s0 is worse::m: 100.0 %25 → 0.0 %25');
  expect(lines[9]).toBe('::error title=earsight::and 12 more in the report');
});

test('writes the verdict into the step summary, report.md and junit.xml', async () => {
  const { project } = await regressed(10);
  await using _ = project;
  const [summary, report, junit] = ['summary.md', 'now/report.md', 'now/junit.xml'].map(project.folder.read);

  for (const text of [summary, report]) {
    expect(text).toMatch(/^<!-- earsight scripted -->\n/);
    expect(text).toContain('## ❌ Gate: regressed, against main.jsonl (1 run, 10 of 10 samples)');
    expect(text).toContain('| m | s0 | 100.0% | 0.0% |');
    expect(text).toContain('| m | $0.00004 → $0.00004 (+0.0%) | 20 → 20 (+0.0%) | 10 → 10 (+0.0%) |');
  }
  expect(junit).toContain('<testsuite name="gate" tests="2" failures="1"');
});

test('a journal without lines gives annotations that name the file', async () => {
  const { project, env } = await regressed(10);
  await using _ = project;
  const journal = project.folder.read('now/journal.jsonl');
  expect(journal).toContain('"sampleLine":2');
  const { crc32 } = await import('node:zlib');
  const older = journal.split('\n').map((line) => {
    if (line === '') return line;
    const body = line.slice(line.indexOf('",') + 2).replace(/"sampleLine":\d+,/, '');
    return `{"crc":"${crc32(body).toString(16).padStart(8, '0')}",${body}`;
  });
  project.folder.write({ 'now/journal.jsonl': older.join('\n') });

  const { code, stderr } = await project.folder.run(['gate', 'now', '--baseline', 'main.jsonl', '--confirm', '0'], {
    env,
  });

  expect(code).toBe(1);
  expect(stderr).toContain('::error file=manifest.csv,title=s0 is worse::');
});

test('an id of a sample never becomes a command of its own, nor moves the cursor', () => {
  const worse = [{ model: 'm', sampleId: 'a\n::error::x,y:z%\u001b[2J', baseline: 1, run: 0, line: 3 }];
  const gate = {
    ...{ verdict: 'regressed' as const, scoreSet: null, baseline: null, results: [], notes: [] },
    ...{ worse, worseCounts: { m: 1 }, spending: [] },
  };
  const io = { env: { GITHUB_ACTIONS: 'true' }, cwd: '/w' };

  const lines = annotations(gate, { run: fixtureReport().run }, '/w/results/a', io);

  expect(lines).toEqual([
    '::error file=results/a/data/hostile_cells.csv,line=3,title=a\\n%3A%3Aerror%3A%3Ax%2Cy%3Az%25\\x1b[2J is worse::m: 100.0 %25 → 0.0 %25',
  ]);
  expect(annotations(gate, { run: fixtureReport().run }, '/w/results/a', { ...io, env: {} })).toEqual([]);
});
