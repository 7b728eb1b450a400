import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ScriptedProject, scriptedProject } from '../helpers/scripted-models.ts';

vi.setConfig({ testTimeout: 60_000 });

let project: ScriptedProject;
const run = (...args: readonly string[]) => project.folder.run([...args]);
const gate = (...more: readonly string[]) => run('gate', 'now', '--baseline', 'main.jsonl', ...more);

/** A baseline of 10 samples; a run whose last two samples were answered after its answers had been scored again. */
beforeEach(async () => {
  project = await scriptedProject({ samples: 10 });
  await run('run', '--out', 'a');
  await run('baseline', 'set', 'a', '--out', 'main.jsonl');
  project.behave((question) => (question < 8 ? 'yes' : 'error'));
  await run('run', '--out', 'now');
  await run('score', 'now');
  project.behave(() => 'yes');
});
afterEach(() => project[Symbol.asyncDispose]());

const UNSCORED = '2 answers have no scores in the set "rescore-1", but in another one · earsight score RUN scores all';

test('answers without scores in the newest set are named with the way out, in gate, run, baseline and report', async () => {
  const resumed = await run('run', '--resume', 'now', '--baseline', 'main.jsonl');
  const judged = await gate();
  const kept = await run('baseline', 'set', 'now', '--out', 'new.jsonl');
  const shown = await run('report', 'now');

  expect([resumed.code, judged.code, kept.code, shown.code]).toEqual([3, 2, 2, 0]);
  for (const { stderr } of [resumed, judged, kept]) {
    expect(stderr).toContain(UNSCORED);
    expect(stderr).not.toContain('set a new baseline');
  }
  expect(shown.stdout).toContain(UNSCORED);
});

test('gate and baseline name the set of scores that they use, and take another one', async () => {
  await run('run', '--resume', 'now');
  const own = await gate('--set', 'run');
  await run('score', 'now', '--as', 'whole');
  const newest = await gate();
  const kept = await run('baseline', 'set', 'now', '--set', 'run', '--out', 'new.jsonl');
  const unknown = await gate('--set', 'hole');

  expect([own.code, newest.code, kept.code, unknown.code]).toEqual([0, 0, 0, 2]);
  expect(own.stdout).toMatch(/^gate: .* · scores @run$/m);
  expect(newest.stdout).toMatch(/^gate: .* · scores @whole$/m);
  expect(kept.stdout).toContain('new.jsonl: 10 samples, 1 model, 1 run · scores @run · summary in new.md');
  expect(project.folder.read('new.md')).toContain(', scores &#64;run');
  expect(unknown.stderr).toContain('the run has no set of scores "hole" · did you mean "whole"?');
});

test('limits are judged without such answers, and say so', async () => {
  await run('run', '--resume', 'now');
  project.folder.write({
    'limits.yaml': `${project.folder.read('earsight.config.yaml')}gates: {score: [error, {min: 0.9}]}\n`,
  });

  const { code, stdout } = await run('gate', 'now', '--config', 'limits.yaml');

  expect(code).toBe(0);
  expect(stdout).toContain('note: 2 answers have no scores in the set "rescore-1", but in another one (not judged)');
});

test('an alarm of rescored answers is confirmed only where the configuration scores in the same way', async () => {
  project.behave(() => 'no');
  await run('run', '--out', 'worse');
  await run('score', 'worse', '--as', 'same');
  const same = await run('gate', 'worse', '--baseline', 'main.jsonl', '--yes');
  const include = project.folder.read('earsight.config.yaml').replace('[exact]', '[includes]');
  project.folder.write({ 'other.yaml': include });
  await run('score', 'a', '--config', 'other.yaml');
  await run('baseline', 'set', 'a', '--out', 'includes.jsonl');
  await run('score', 'worse', '--config', 'other.yaml', '--as', 'other');
  const other = await run('gate', 'worse', '--baseline', 'includes.jsonl', '--yes');

  expect(same.stdout).toContain('gate: regressed');
  expect(same.stdout).toContain('confirmed by a rerun');
  expect(other.stdout).toContain(
    'no rerun could confirm it: the configuration has other scorers than the scores @other',
  );
});
