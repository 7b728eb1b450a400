import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  folder = workspace({
    'earsight.config.yaml': configOf(),
    'm.jsonl': `${[sampleOf('good', 'good.png'), sampleOf('cut', 'cut.png'), sampleOf(undefined, 'lost-scan.png')].join('\n')}\n`,
    'good.png': pngBytes(),
    'cut.png': pngBytes({ width: 9, height: 9 }).subarray(0, 60),
  });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

function configOf(more = ''): string {
  const model = (id: string) =>
    `{id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: ${id}, auth: {type: none}}`;
  return `dataset: m.jsonl\nmodels: [${model('x')}, ${model('y')}]\nscorers: [exact]\nreporters: [csv, markdown]\n${more}`;
}

function sampleOf(id: string | undefined, image: string): string {
  return JSON.stringify({ id, prompt: `see ${image}`, image, target: 'ok' });
}

const repair = () =>
  folder.write({ 'cut.png': pngBytes({ width: 9, height: 9 }), 'lost-scan.png': pngBytes({ seed: 7 }) });
const kinds = () => readRows(folder, 'out').map((row) => `${row['model']} ${row['status']} ${row['failure_kind']}`);

test('without the option broken media are problems, with the way to go on without them', async () => {
  const { code, stderr } = await folder.run(['run', '--out', 'out']);

  expect(code).toBe(2);
  expect(stderr.split('\n')).toEqual([
    'm.jsonl:2 "cut.png" cannot be used: it is cut off: the end of the image is missing · repair or replace it',
    'm.jsonl:3 image "lost-scan.png" does not exist · paths are relative to the manifest',
    'nothing was sent · repair the media, or leave these samples out with --skip-broken',
    '',
  ]);
  expect(endpoint.requests).toHaveLength(0);
});

test('leaves samples with missing or broken media out of every model alike, and counts them in every table', async () => {
  const { code, stdout } = await folder.run(['run', '--out', 'out', '--skip-broken']);

  expect(code).toBe(0);
  expect(endpoint.requests).toHaveLength(2);
  expect(kinds()).toEqual([
    'x completed ',
    'y completed ',
    'x skipped media',
    'y skipped media',
    'x skipped media',
    'y skipped media',
  ]);
  expect(stdout).toContain('x: 2 skipped (media 2)\n');
  expect(folder.read('out/report.md')).toContain('| 1 | 0 | 2 (media 2) |');
  expect(folder.read('out/summary.csv')).toContain('x,all,skipped.media,3,2,');
  expect(readRows(folder, 'out').at(-1)).toMatchObject({
    images: 'lost-scan.png',
    failure_message: 'image "lost-scan.png" does not exist · paths are relative to the manifest',
  });
});

test.each(['validate', 'estimate', 'run'])('%s names the samples that are left out', async (command) => {
  folder.write({ 'earsight.config.yaml': configOf('skipBroken: true\n') });

  const { code, stderr } = await folder.run([command]);

  expect(code).toBe(0);
  expect(stderr).toContain('warning: 2 of 3 samples are left out of every model: their media are missing or broken\n');
  expect(stderr).toContain('warning: m.jsonl:2 left out: "cut.png" cannot be used: it is cut off');
  expect(stderr).toContain('warning: m.jsonl:3 left out: image "lost-scan.png" does not exist');
});

test('--again names a sample that is left out, with the reason', async () => {
  await folder.run(['run', '--out', 'out', '--skip-broken']);

  const { code, stderr } = await folder.run(['run', '--resume', 'out', '--again', 'good', 'cut']);

  expect(code).toBe(2);
  expect(stderr).toContain('--again: "cut" is left out ("cut.png" cannot be used: it is cut off');
  expect(stderr).toContain('repair its media: a resume then asks it, also without --again');
});

test('a resume takes repaired samples in, also those without an id, and asks nothing again', async () => {
  await folder.run(['run', '--out', 'out', '--skip-broken']);
  repair();

  const { code, stderr } = await folder.run(['run', '--resume', 'out']);

  expect([code, stderr]).toEqual([0, expect.not.stringContaining('left out')]);
  expect(endpoint.requests).toHaveLength(6);
  expect(kinds()).toEqual([
    'x completed ',
    'y completed ',
    'x completed ',
    'y completed ',
    'x completed ',
    'y completed ',
  ]);
});

test('an answer is kept when its image breaks again after a repair', async () => {
  await folder.run(['run', '--out', 'out', '--skip-broken']);
  repair();
  await folder.run(['run', '--resume', 'out']);
  rmSync(join(folder.directory, 'cut.png'));

  const { code } = await folder.run(['run', '--resume', 'out']);

  expect(code).toBe(0);
  expect(endpoint.requests).toHaveLength(6);
  expect(kinds().every((kind) => kind.includes('completed'))).toBe(true);
});

test('a repair that changes the prompt is another run', async () => {
  await folder.run(['run', '--out', 'out', '--skip-broken']);
  folder.write({ 'm.jsonl': folder.read('m.jsonl').replace('see cut.png', 'look') });

  const { code, stderr } = await folder.run(['run', '--resume', 'out']);

  expect(code).toBe(2);
  expect(stderr).toContain('1 sample changed: "cut"');
});

test('a sample that breaks after a complete run is a change that needs --resume-changed', async () => {
  repair();
  await folder.run(['run', '--out', 'out']);
  rmSync(join(folder.directory, 'lost-scan.png'));

  const { code } = await folder.run(['run', '--resume', 'out', '--skip-broken']);

  expect(code).toBe(2);
  expect(endpoint.requests).toHaveLength(6);
});

test('when every sample is broken nothing is left to run', async () => {
  rmSync(join(folder.directory, 'good.png'));

  const { code, stderr } = await folder.run(['run', '--skip-broken']);

  expect(code).toBe(2);
  expect(stderr).toContain('m.jsonl:1 image "good.png" does not exist');
});

test('bytes of a broken data: URL reach no table', async () => {
  const bytes = Buffer.from('these are no pixels').toString('base64');
  folder.write({
    'm.jsonl': `${sampleOf('good', 'good.png')}\n${sampleOf('data', `data:image/png;base64,${bytes}`).replace(/see [^"]*/, 'see')}\n`,
  });

  const { code } = await folder.run(['run', '--out', 'out', '--skip-broken']);

  expect(code).toBe(0);
  expect(readRows(folder, 'out').at(-1)?.['images']).toMatch(/^data:image\/png;sha256=[0-9a-f]{64}$/);
  expect(folder.read('out/journal.jsonl')).not.toContain(bytes);
});

test('samples that were left out are not missing answers of a baseline or a gate, and are added samples once repaired', async () => {
  await folder.run(['run', '--out', 'out', '--skip-broken']);

  const baseline = await folder.run(['baseline', 'set', 'out', '--out', 'b.jsonl']);
  const gate = await folder.run(['gate', 'out', '--baseline', 'b.jsonl']);

  expect([baseline.code, baseline.stdout]).toEqual([0, 'b.jsonl: 1 sample, 2 models, 1 run · summary in b.md\n']);
  expect(gate.code).toBe(0);
  expect(gate.stdout).toContain('x: 0 of 1 answers are missing');
  repair();
  await folder.run(['run', '--out', 'out']);
  const repaired = await folder.run(['gate', 'out', '--baseline', 'b.jsonl']);
  expect(repaired.stdout).toContain('note: 2 samples were added (not judged): "cut"');
});
