import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Workspace } from '../helpers/cli.ts';
import { manifest, type ScriptedProject, scriptedProject } from '../helpers/scripted-models.ts';
import { readRows, steadyRows } from '../helpers/tables.ts';

vi.setConfig({ testTimeout: 60_000 });

let project: ScriptedProject;
let folder: Workspace;
beforeEach(async () => {
  project = await scriptedProject({ samples: 20, models: ['m', 'n'] });
  folder = project.folder;
  project.behave((question) => (question % 4 === 0 ? 'no' : 'yes'));
});
afterEach(() => project[Symbol.asyncDispose]());

const run = (out: string, ...more: readonly string[]) => folder.run(['run', '--out', out, ...more]);
const idsOf = (out: string) => [...new Set(readRows(folder, out).map((row) => row['sample_id']))];

async function shards(...parts: readonly number[]): Promise<readonly string[]> {
  const names: string[] = [];
  for (const part of parts) {
    expect((await run(`s${part}`, '--shard', `${part}/3`)).code).toBe(0);
    names.push(`s${part}`);
  }
  return names;
}

test('the merged shards have the tables of a run of all samples, and no request is sent', async () => {
  await run('whole');
  const names = await shards(1, 2, 3);
  const { length } = project.endpoint.requests;

  const { code, stderr } = await folder.run(['merge', ...names, '--out', 'merged', '--reporter', 'csv']);

  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'merged: results.csv, compare.csv, summary.csv, datapackage.json\n',
  });
  expect(steadyRows(folder, 'merged')).toEqual(steadyRows(folder, 'whole'));
  expect(project.endpoint.requests).toHaveLength(length);
  const info = JSON.parse(folder.read('merged/run.json'));
  expect(info.counts).toEqual({ completed: 40, failed: 0, skipped: 0, missing: 0 });
  expect(info.selection.shard).toBeUndefined();
  expect(info.mergedFrom).toEqual(names.map((name) => JSON.parse(folder.read(`${name}/run.json`)).runId));
});

test('every sample is in one shard, and stays there when samples are added', async () => {
  await shards(1, 2, 3);
  const before = [1, 2, 3].map((part) => idsOf(`s${part}`));
  expect(before.flat().sort()).toEqual(Array.from({ length: 20 }, (_, index) => `s${index}`).sort());

  folder.write({ 'manifest.csv': manifest(40) });
  for (const part of [1, 2, 3]) {
    await run(`t${part}`, '--shard', `${part}/3`);
    expect(idsOf(`t${part}`)).toEqual(expect.arrayContaining(before[part - 1] ?? []));
  }
});

test('without a shard, its cells are missing: exit code 3, and a resume of the merged run asks for them alone', async () => {
  const names = await shards(1, 3);
  const { length } = project.endpoint.requests;

  const { code, stderr } = await folder.run(['merge', ...names, '--out', 'merged']);
  expect(code).toBe(3);
  expect(stderr).toContain(`${40 - length} cells have no result (no run is shard 2/3)`);

  expect((await run('merged')).code).toBe(0);
  expect(project.endpoint.requests).toHaveLength(40);
  expect(readRows(folder, 'merged')).toHaveLength(40);
  expect(JSON.parse(folder.read('merged/run.json')).mergedFrom).toHaveLength(2);
});

test('the first finished answer of a cell counts, and what the other one cost is said', async () => {
  project.behave((question) => (question < 2 ? 'error' : 'no'));
  expect((await run('one')).code).toBe(3);
  project.behave(() => 'yes');
  await run('two');

  const { code, stderr } = await folder.run(['merge', 'one', 'two', '--out', 'merged']);

  expect(code).toBe(0);
  expect(stderr).toContain('36 answers of cells that an earlier run has are left out; they cost $0.00');
  const answers = readRows(folder, 'merged').map((row) => `${row['sample_id']} ${row['answer']}`);
  expect(answers.filter((answer) => answer.endsWith('yes'))).toEqual(['s0 yes', 's0 yes', 's1 yes', 's1 yes']);
});

test('a shard of an earlier version, which took every n-th row, is resumed so', async () => {
  await shards(1);
  const info = JSON.parse(folder.read('s1/run.json'));
  const { shardBy, ...selection } = info.selection;
  expect(shardBy).toBe('id');
  folder.write({ 's1/run.json': JSON.stringify({ ...info, selection }) });

  const { stderr } = await folder.run(['run', '--out', 's1', '--resume-changed']);

  expect(stderr).not.toContain('damaged');
  expect(idsOf('s1')).toEqual(Array.from({ length: 7 }, (_, index) => `s${3 * index}`));
});

test('a shard without samples is an empty run, and merges', async () => {
  folder.write({ 'manifest.csv': manifest(1) });
  const names: string[] = [];
  for (const part of [1, 2, 3]) {
    const { code } = await run(`s${part}`, '--shard', `${part}/3`);
    expect(code).toBe(0);
    names.push(`s${part}`);
  }
  expect((await folder.run(['merge', ...names, '--out', 'merged'])).code).toBe(0);
  expect(readRows(folder, 'merged')).toHaveLength(2);
});

test('an unknown reporter is rejected before a folder is made', async () => {
  await shards(1);
  const { code, stderr } = await folder.run(['merge', 's1', '--out', 'merged', '--reporter', 'csw']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'unknown reporter "csw" · did you mean "csv"?\n' });
  expect(folder.list()).not.toContain('merged/run.json');
});

test('a shard whose journal ends in a torn line is merged without that cell, and says so', async () => {
  const names = await shards(1, 2, 3);
  const journal = folder.read('s2/journal.jsonl');
  folder.write({ 's2/journal.jsonl': journal.slice(0, journal.lastIndexOf('"type":"result"')) });

  const { code, stderr } = await folder.run(['merge', ...names, '--out', 'merged', '--reporter', 'csv']);

  expect(code).toBe(3);
  expect(stderr).toMatch(
    /^warning: s2: the journal ends with \d+ bytes of damaged or incomplete lines, which are ignored\n/,
  );
  expect(stderr).toContain('1 cell has no result');
  expect(readRows(folder, 'merged')).toHaveLength(39);
});

test('what cannot be one run is rejected with every reason, and no folder is made', async () => {
  await shards(1);
  folder.write({ 'manifest.csv': manifest(21) });
  await run('other-manifest', '--shard', '2/3');
  folder.write({ 'manifest.csv': manifest(20) });
  await run('other-model', '--shard', '2/3', '--model', 'm');
  await run('limited', '--shard', '2/3', '--limit', '2');
  await run('repeated', '--shard', '2/3', '--repeat', '2');

  const names = ['s1', 's1', 'other-manifest', 'other-model', 'limited', 'repeated'];
  const { code, stderr } = await folder.run(['merge', ...names, '--out', 'merged']);

  expect(code).toBe(2);
  expect(stderr.split('\n').slice(0, -1)).toEqual([
    's1 is named twice · name each run once',
    'other-manifest is of another manifest than s1 (21 and 20 rows) · merge runs of the same manifest',
    'other-model differs from s1: model "n" removed · merge runs of the same models, settings and scorers',
    'limited cannot be merged with s1: limited does not record which manifest it is a part of · start all of them with --shard and without --limit, in this version',
    'limited was started with another --limit than s1 · merge runs of the same selection; only --shard may differ',
    'repeated differs from s1: repeat was 1, is 2 · merge runs of the same models, settings and scorers',
  ]);
  expect(folder.list()).not.toContain('merged/run.json');
  expect((await folder.run(['merge', 's1', '--out', 's1'])).stderr).toBe('s1 exists already · choose another --out\n');
});
