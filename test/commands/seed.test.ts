/** `--seed`: which samples `--limit` takes, what `run.json` records, and what a resume sends. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { readRows } from '../helpers/tables.ts';

const IDS = Array.from({ length: 12 }, (_, index) => `s${index}`);

let endpoint: Endpoint;
let folder: Workspace;
let sent = 0;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.close());
beforeEach(() => {
  folder = workspace({
    'manifest.csv': `id,prompt\n${IDS.map((id) => `${id},say ${id}\n`).join('')}`,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n  - {id: x, provider: openai, endpoint: "${endpoint.url}/v1", model: x, auth: {type: none}}\n`,
  });
  sent = endpoint.requests.length;
  return () => folder[Symbol.dispose]();
});

const idsOf = (out: string) => readRows(folder, out).map((row) => row['sample_id']);
const requests = () => endpoint.requests.length - sent;

test('draws the samples of --limit, in the order of the manifest, and the same in every command', async () => {
  const { code } = await folder.run(['run', '--limit', '5', '--seed', '7', '--out', 'out']);
  await folder.run(['run', '--limit', '5', '--seed', '8', '--out', 'other']);
  const checked = await folder.run(['validate', '--limit', '5', '--seed', '7', '--json']);
  const estimated = await folder.run(['estimate', '--limit', '5', '--seed', '7', '--json']);

  expect(code).toBe(0);
  const drawn = idsOf('out');
  expect(drawn).toHaveLength(5);
  expect(drawn).toEqual(IDS.filter((id) => drawn.includes(id)));
  expect(drawn).not.toEqual(IDS.slice(0, 5));
  expect(idsOf('other')).not.toEqual(drawn);
  expect(JSON.parse(checked.stdout).samples).toBe(5);
  expect(JSON.parse(estimated.stdout).dataset.samples).toBe(5);
});

test('is in run.json, and a resume takes it over', async () => {
  await folder.run(['run', '--limit', '4', '--seed', '7', '--out', 'out']);
  const first = idsOf('out');
  const same = await folder.run(['run', '--resume', 'out']);

  expect(JSON.parse(folder.read('out/run.json')).selection).toEqual({ limit: 4, seed: 7 });
  expect(same.stderr).toContain(
    'out: its run was started with --limit 4 --seed 7, and this is used again · for more, give another --limit and --resume-changed',
  );
  expect(requests()).toBe(4);

  const more = await folder.run(['run', '--resume', 'out', '--limit', '7', '--resume-changed']);

  expect(more.code).toBe(0);
  expect(requests()).toBe(7);
  expect(idsOf('out')).toEqual(expect.arrayContaining([...first]));
});

test('a resume reads the answers of drawn rows from a journal whose index has to be made again', async () => {
  await folder.run(['run', '--limit', '3', '--seed', '7', '--out', 'out']);
  const path = join(folder.directory, 'out/journal.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [...lines.slice(0, -2), ''].join('\n'));

  expect((await folder.run(['run', '--resume', 'out'])).code).toBe(0);
  expect(requests()).toBe(4);
  expect(idsOf('out')).toHaveLength(3);
});

test('without --limit it takes all samples, and the first ones without --seed', async () => {
  await folder.run(['run', '--seed', '7', '--out', 'all']);
  await folder.run(['run', '--limit', '3', '--out', 'first']);
  const resumed = await folder.run(['run', '--resume', 'all']);

  expect(idsOf('all')).toEqual(IDS);
  expect(idsOf('first')).toEqual(IDS.slice(0, 3));
  expect(resumed.stderr).not.toContain('was started with');
});

test('a shard takes its part of the draw', async () => {
  await folder.run(['run', '--limit', '6', '--seed', '7', '--out', 'whole']);
  for (const part of [1, 2])
    await folder.run(['run', '--limit', '6', '--seed', '7', '--shard', `${part}/2`, '--out', `part${part}`]);

  expect([...idsOf('part1'), ...idsOf('part2')].toSorted()).toEqual(idsOf('whole').toSorted());
});

test('only drawn rows are checked, and their media read', async () => {
  const rows = IDS.map((id) => `${id},say ${id},missing.png\n`).join('');
  folder.write({ 'manifest.csv': `id,prompt,image\n${rows}` });
  const { code, stderr } = await folder.run(['run', '--limit', '2', '--seed', '7']);

  expect(code).toBe(2);
  expect(stderr.match(/missing\.png/g)).toHaveLength(2);
});

test.each([
  [['--seed', '1.5'], '--seed 1.5 is not a whole number'],
  [
    ['--seed', '1', '--limit', '2', '--sample', 's1'],
    '--limit with --seed draws samples, and --sample names them · leave out --limit or --sample',
  ],
])('%j is a problem', async (argv, message) => {
  const { code, stderr } = await folder.run(['run', ...argv]);

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  expect(requests()).toBe(0);
});
