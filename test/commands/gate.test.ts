import { expect, test, vi } from 'vitest';
import { seededRandom } from '../../src/run/random.ts';
import { type Behaviour, manifest, type ScriptedProject, scriptedProject } from '../helpers/scripted-models.ts';

vi.setConfig({ testTimeout: 60_000 });

/** 70 % of the samples pass with .98, 10 % with .03, 20 % are flaky. */
function flaky(seed: number, broken = 0): Behaviour {
  const random = seededRandom(seed);
  return (question) => {
    const kind = question % 10;
    const chance = kind < 7 ? 0.98 : kind === 7 ? 0.03 : 0.1 + 0.08 * (Math.floor(question / 10) % 10);
    return question >= broken && random() < chance ? 'yes' : 'no';
  };
}

async function withBaseline(samples: number, config = ''): Promise<ScriptedProject> {
  const project = await scriptedProject({ samples, config });
  project.behave(flaky(1));
  for (const name of ['a', 'b', 'c']) await project.folder.run(['run', '--out', name]);
  await project.folder.run(['baseline', 'set', 'a', 'b', 'c', '--out', 'main.jsonl']);
  return project;
}

const gate = (project: ScriptedProject, ...more: readonly string[]) =>
  project.folder.run(['gate', 'now', '--baseline', 'main.jsonl', ...more]);

test('a drop of 12 points is caught, confirmed by a rerun, and its samples are named', async () => {
  await using project = await withBaseline(200);
  project.behave(flaky(2, 24));

  const run = await project.folder.run(['run', '--out', 'now', '--baseline', 'main.jsonl']);

  expect(run.code).toBe(1);
  expect(run.stdout).toContain('gate: regressed');
  expect(run.stdout).toContain('confirmed by a rerun in now-confirm-1-m');
  expect(run.stdout).toMatch(/m: \d+ samples are worse: s0 \(100\.0 % → 0\.0 %\)/);
  expect(run.stderr).toContain('asking m again to confirm the alarm · expected cost');
});

test('an alarm that a fresh run does not show is no regression', async () => {
  await using project = await withBaseline(100);
  project.behave(flaky(2, 24));
  await project.folder.run(['run', '--out', 'now']);
  project.behave(flaky(3));

  const { code, stdout } = await gate(project);

  expect(code).toBe(0);
  expect(stdout).toContain('gate: inconclusive');
  expect(stdout).toContain('not confirmed by a rerun');
});

test('ten unchanged runs of flaky models are never regressed', async () => {
  await using project = await withBaseline(100);
  const codes: number[] = [];
  for (let seed = 10; seed < 20; seed += 1) {
    project.behave(flaky(seed));
    const { code } = await project.folder.run(['run', '--out', `now-${seed}`, '--baseline', 'main.jsonl', '--quiet']);
    codes.push(code);
  }

  expect(codes).toEqual(Array(10).fill(0));
});

test('a storm of errors is never a regression: it cannot be judged', async () => {
  await using project = await withBaseline(50);
  const good = flaky(4);
  project.behave((question, repeat) => (question % 5 < 2 ? 'error' : good(question, repeat)));
  await project.folder.run(['run', '--out', 'now']);

  const { code, stdout } = await gate(project);

  expect(code).toBe(3);
  expect(stdout).toContain('m: 20 of 50 answers are missing (20 server), more than 5.0 %: its scores are not judged');
  expect(stdout).not.toContain('regressed');
});

test('a changed prompt is compared, and named', async () => {
  await using project = await withBaseline(40);
  project.folder.write({ 'manifest.csv': manifest(40, 'the question') });
  await project.folder.run(['run', '--out', 'now']);

  const { code, stdout } = await gate(project);

  expect(code).toBe(0);
  expect(stdout).toContain('40 of 40 samples');
  expect(stdout).toContain('note: 40 samples have other prompts (compared): "s0", "s1", "s2", "s3", "s4" and 35 more');
});

test('added, changed and removed samples are named, and the others judged', async () => {
  await using project = await withBaseline(40);
  const rows = manifest(45).replace('s3,question 3,yes', 's3,question 3,no').replace('s7,question 7,yes\n', '');
  project.folder.write({ 'manifest.csv': rows });
  await project.folder.run(['run', '--out', 'now']);

  const { code, stdout } = await gate(project);

  expect(code).toBe(0);
  expect(stdout).toContain('38 of 40 samples');
  expect(stdout).toContain('note: 5 samples were added (not judged): "s40", "s41", "s42", "s43", "s44"');
  expect(stdout).toContain('note: 1 sample has other media or targets (not judged): "s3"');
  expect(stdout).toContain('note: 1 sample is missing in this run (not judged): "s7"');
});

test('the baseline of another dataset is rejected before anything is sent', async () => {
  await using project = await withBaseline(20);
  project.folder.write({ 'manifest.csv': manifest(20).replaceAll('yes', 'no') });
  const sent = project.endpoint.requests.length;

  const { code, stderr } = await project.folder.run(['run', '--out', 'now', '--baseline', 'main.jsonl']);

  expect(code).toBe(2);
  expect(stderr).toContain('main.jsonl is a baseline of another dataset: only 0 of its 20 samples are in the run');
  expect(project.endpoint.requests.length).toBe(sent);
});

test('a finished run of another dataset, or of other scorers, is rejected', async () => {
  await using project = await withBaseline(20);
  await project.folder.run(['run', '--out', 'now', '--limit', '5']);
  const other = await gate(project);
  const allowed = await gate(project, '--min-overlap', '0.2');
  project.folder.write({
    'earsight.config.yaml': project.folder.read('earsight.config.yaml').replace('[exact]', '[includes]'),
  });
  await project.folder.run(['run', '--out', 'again']);
  const scorers = await project.folder.run(['gate', 'again', '--baseline', 'main.jsonl']);

  expect(other.code).toBe(2);
  expect(other.stderr).toContain('only 5 of its 20 samples are in the run, fewer than 90 %');
  expect(allowed.code).toBe(0);
  expect(scorers.code).toBe(2);
  expect(scorers.stderr).toContain('main.jsonl was scored by other scorers or options than this run');
});

test('without any possible rerun an alarm is inconclusive, and says why', async () => {
  await using project = await withBaseline(50);
  project.behave(() => 'no');
  await project.folder.run(['run', '--out', 'now']);
  await project.folder.run(['run', '--out', 'replay', '--replay', 'now']);
  const replay = await project.folder.run(['gate', 'replay', '--baseline', 'main.jsonl']);
  const poor = await gate(project, '--max-cost', '0.0001');
  const none = await gate(project, '--confirm', '0');
  project.folder.write({
    'earsight.config.yaml': project.folder.read('earsight.config.yaml').replace('any-m', 'other-m'),
  });
  const changed = await gate(project);
  const strict = await gate(project, '--strict');

  expect(replay.stdout).toContain('no rerun could confirm it: the run is a replay of');
  expect(poor.stdout).toContain('more than is left of --max-cost');
  expect(none.stdout).toContain('gate: regressed');
  expect(changed.stdout).toContain(
    'the configuration is not that of the run (model "m": model was "any-m", is "other-m"',
  );
  expect([replay, poor, none, changed, strict].map(({ code }) => code)).toEqual([0, 0, 1, 0, 1]);
});

test('the model of the baseline is asked again where it differs and can be called', async () => {
  await using project = await withBaseline(50);
  const old = project.folder.read('earsight.config.yaml');
  const entry = /^ {2}- .*$/m.exec(old)?.[0] ?? '';
  project.folder.write({
    'earsight.config.yaml': old.replace(
      entry,
      `${entry.replace('any-m', 'new-m')}\n${entry.replace('id: m', 'id: was')}`,
    ),
  });
  project.behave(() => 'no');
  await project.folder.run(['run', '--out', 'now', '--model', 'm']);
  const asked = project.endpoint.requests.length;

  const { code, stdout, stderr } = await gate(project);

  expect(project.endpoint.requests.length - asked).toBe(100);
  expect(stderr).toContain('asking was again to confirm the alarm');
  expect(stdout).toContain('note: m has other settings: model');
  // Both answer "no" now: the endpoint changed, and not the model.
  expect(code).toBe(0);
  expect(stdout).toContain('not confirmed by a rerun');
});

test.each([
  ['score: [error, {min: 0.9}]', 1, 'm: score 75.0 % is below the min of 90.0 %'],
  ['score: [warn, {min: 0.9}]', 0, 'missed (warn)'],
  ['score: [off, {min: 0.9}]', 2, 'no --baseline given, and no gate has a min or a max'],
  ['score: [error, {min: 0.5}]', 0, 'm: score 75.0 % is within the min of 50.0 %'],
  ['score.wer: [error, {min: 0.9}]', 3, 'm has no score.wer'],
  ['failed.timeout: [error, {max: 0}]', 0, 'm: failed.timeout 0 is within the max of 0'],
  ['costPerSample: [error, {max: 0.00001}]', 1, 'm: costPerSample $0.00004 is above the max of $0.00001'],
] as const)('judges %s without a baseline', async (written, expected, message) => {
  await using project = await scriptedProject({ samples: 4, config: `gates: {${written}}\n` });
  project.behave((question) => (question === 0 ? 'no' : 'yes'));
  const run = await project.folder.run(['run', '--out', 'now']);

  const { code, stdout, stderr } = await project.folder.run(['gate', 'now']);

  expect(code).toBe(expected);
  expect(stdout + stderr).toContain(message);
  expect(run.code).toBe(expected === 2 ? 0 : expected);
});

test.each([
  [['score<0.9'], 1, 'm: score is 75.0 %, which fails on score<0.9'],
  [['score < 0.7'], 0, ''],
  [['score<0.7', 'failed.timeout>0'], 0, ''],
  [['score.wer<0.7'], 3, 'm has no score.wer: --fail-on score.wer<0.7 cannot be judged'],
  [['scor<0.9'], 2, '"scor" is not a metric of summary.csv · did you mean "score"?'],
  [['score=0.9'], 2, 'is not a condition'],
  [['score<NaN'], 2, 'is not a condition'],
] as const)('--fail-on %j', async (conditions, expected, message) => {
  await using project = await scriptedProject({ samples: 4 });
  project.behave((question) => (question === 0 ? 'no' : 'yes'));

  const { code, stdout, stderr } = await project.folder.run(['run', '--out', 'now', '--fail-on', ...conditions]);

  expect(code).toBe(expected);
  expect(stdout + stderr).toContain(message);
});

test('one sample, and samples that are all ties, never give a number that looks right', async () => {
  await using project = await scriptedProject({ samples: 1 });
  await project.folder.run(['run', '--out', 'a']);
  await project.folder.run(['baseline', 'set', 'a', '--out', 'main.jsonl']);
  project.behave(() => 'no');
  await project.folder.run(['run', '--out', 'now']);

  const { code, stdout } = await gate(project);

  expect(code).toBe(0);
  expect(stdout).toContain('gate: inconclusive');
  expect(stdout).toContain('1 sample is too few for this limit');
  expect(stdout).not.toMatch(/NaN|Infinity|undefined|null/);
});

test('a journal line that holds NaN is a missing answer, not a score', async () => {
  await using project = await withBaseline(10);
  await project.folder.run(['run', '--out', 'now']);
  const journal = project.folder.read('now/journal.jsonl');
  project.folder.write({ 'now/journal.jsonl': journal.replace(/"value":1,/, '"value":NaN,') });

  const { code, stdout, stderr } = await gate(project);

  expect(code).toBe(3);
  expect(stderr).toContain('warning: journal.jsonl:10 is damaged');
  expect(stdout).toContain('m: 1 of 10 answers are missing (1 not asked)');
});

test('prints one JSON document', async () => {
  await using project = await withBaseline(10);
  await project.folder.run(['run', '--out', 'now']);

  const { code, stdout } = await gate(project, '--json');

  const document = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(document).toMatchObject({
    format: 'earsight-gate',
    exitCode: 0,
    baseline: { file: 'main.jsonl', common: 10 },
  });
});

test.each([
  [['--confirm', '4'], '--confirm 4 is not a whole number from 0 to 3'],
  [['--min-overlap', '90'], '--min-overlap 90 is not from 0 to 1'],
])('rejects %j', async (more, message) => {
  await using project = await scriptedProject({ samples: 2 });
  await project.folder.run(['run', '--out', 'now']);

  const { code, stderr } = await project.folder.run(['gate', 'now', ...more]);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('a warning about missing answers does not say that scores are not judged: they are', async () => {
  await using project = await withBaseline(
    20,
    'maxErrorRate: 0.5\ngates: {errorRate: [warn, {max: 0.1}], score: error}\n',
  );
  const good = flaky(4);
  project.behave((question, repeat) => (question < 4 ? 'error' : good(question, repeat)));
  await project.folder.run(['run', '--out', 'now']);

  const { code, stdout } = await gate(project, '--confirm', '0');

  expect(code).toBe(0);
  expect(stdout).toContain('m: 4 of 20 answers are missing (4 server), more than 10.0 % · complete the run');
});
