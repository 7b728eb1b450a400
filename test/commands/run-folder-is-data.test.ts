import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';

const KEY = 'k-5c1f77d09ab24e63';
const MANIFEST = 'id,prompt,target\na,one,one\nb,two,two\n';

let own: Endpoint;
let theirs: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  [own, theirs] = [await startEndpoint(), await startEndpoint()];
  folder = workspace({ 'earsight.config.yaml': configOf(own), 'manifest.csv': MANIFEST });
});
afterEach(async () => {
  await Promise.all([own.close(), theirs.close()]);
  folder[Symbol.dispose]();
});

/** How many requests each endpoint had got when the run folder was made. */
let before: readonly [own: number, theirs: number] = [0, 0];
const mark = () => {
  before = [own.requests.length, theirs.requests.length];
};
const sent = () => [own.requests.length - before[0], theirs.requests.length - before[1]];

const configOf = ({ url }: Endpoint, dataset = 'manifest.csv') =>
  `dataset: ${dataset}\nmodels:\n  - {id: m, provider: openai, endpoint: "${url}/v1", model: m, auth: {type: key, env: K}}\n`;

const run = (...argv: readonly string[]) => folder.run(argv, { env: { K: KEY } });

/** Makes a run folder of somebody else: an unfinished run of their configuration, which `run.json` names as `named`. */
async function shared(directory: string, config: string, named = config): Promise<void> {
  folder.write({ [config]: configOf(theirs, 'theirs.csv'), [config.replace(/[^/]*$/, 'theirs.csv')]: MANIFEST });
  await run('run', config, '--out', directory);
  const lines = folder.read(`${directory}/journal.jsonl`).split('\n');
  const info = JSON.parse(folder.read(`${directory}/run.json`));
  folder.write({
    [`${directory}/journal.jsonl`]: `${lines[0]}\n`,
    [`${directory}/run.json`]: JSON.stringify({ ...info, selection: { config: named } }),
  });
  mark();
}

describe('a configuration that only the run folder names is not used', () => {
  test.each([
    ['in the run folder', 'shared/run/evil.yaml', 'shared/run'],
    ['beside the run folder', 'shared/evil.yaml', 'shared/run'],
    ['in another folder', 'other/evil.yaml', 'shared/run'],
    ['in the working directory, where another one would be found', 'evil.yaml', 'run'],
  ])('%s', async (_, config, directory) => {
    await shared(directory, config);

    for (const option of ['--resume', '--out']) {
      const { code, stderr } = await run('run', option, directory);

      expect(code).toBe(2);
      expect(stderr).toContain(`names the configuration "${config}"`);
      expect(stderr).toContain('name the configuration to use as the argument of run');
      expect(sent()).toEqual([0, 0]);
    }
  });

  test('by an absolute path, or by a path through a link', async () => {
    const absolute = join(folder.directory, 'shared/evil.yaml');
    await shared('shared/run', 'shared/evil.yaml', absolute);
    expect((await run('run', '--resume', 'shared/run')).code).toBe(2);
    symlinkSync(absolute, join(folder.directory, 'mine.yaml'));
    const info = JSON.parse(folder.read('shared/run/run.json'));
    folder.write({ 'shared/run/run.json': JSON.stringify({ ...info, selection: { config: 'mine.yaml' } }) });

    expect((await run('run', '--resume', 'shared/run')).code).toBe(2);
    expect(sent()).toEqual([0, 0]);
  });

  test('also when no other one would be found', async () => {
    await shared('shared/run', 'shared/evil.yaml');
    const elsewhere = workspace({});
    const { code } = await folder.run(['run', '--resume', join(folder.directory, 'shared/run')], {
      env: { K: KEY },
      cwd: elsewhere.directory,
    });
    elsewhere[Symbol.dispose]();

    expect(code).toBe(2);
    expect(sent()).toEqual([0, 0]);
  });

  test('by calibrate', async () => {
    await shared('shared/run', 'shared/evil.yaml');

    const { code, stderr } = await run('calibrate', 'shared/run');

    expect(code).toBe(2);
    expect(stderr).toContain('name the configuration to use with --config');
    expect(folder.list('shared')).not.toContain('calibration.json');
  });

  test('until the user names it', async () => {
    await shared('shared/run', 'shared/evil.yaml');

    expect((await run('run', 'shared/evil.yaml', '--resume', 'shared/run')).code).toBe(0);
    expect(sent()).toEqual([0, 2]);
  });
});

describe('a manifest that only the run folder names is not used', () => {
  beforeEach(async () => {
    await run('run', '--out', 'out/run', '--limit', '1');
    folder.write({ 'out/run/private.csv': MANIFEST, 'out/private.csv': MANIFEST });
    mark();
  });

  test.each(['/etc/passwd', '../manifest.csv', 'out/run/private.csv', 'out/private.csv'])('%s', async (dataset) => {
    const info = JSON.parse(folder.read('out/run/run.json'));
    folder.write({ 'out/run/run.json': JSON.stringify({ ...info, selection: { dataset } }) });

    for (const argv of [
      ['run', '--resume', 'out/run', '--resume-changed'],
      ['calibrate', 'out/run'],
    ]) {
      const { code, stderr } = await run(...argv);
      expect(code).toBe(2);
      expect(stderr).toContain(`names the manifest "${dataset}"`);
      expect(stderr).toContain('with --dataset');
    }
    expect(sent()).toEqual([0, 0]);
  });
});

describe('a run of the user’s own is continued without naming its files again', () => {
  test('with the configuration that is found, also when it was named', async () => {
    await run('run', 'earsight.config.yaml', '--out', 'out', '--limit', '1');

    expect((await run('run', '--resume', 'out')).code).toBe(0);
  });

  test('with a configuration and a manifest below the working directory, when no other one is found', async () => {
    const mine = workspace({
      'configs/a.yaml': configOf(own),
      'configs/manifest.csv': MANIFEST,
      'data/b.csv': MANIFEST,
    });
    const env = { K: KEY };
    await mine.run(['run', 'configs/a.yaml', '--dataset', 'data/b.csv', '--out', 'results/a', '--limit', '1'], { env });

    expect((await mine.run(['run', '--resume', 'results/a'], { env })).code).toBe(0);
    expect((await mine.run(['run', '--resume', 'results/a'], { env })).stderr).not.toContain('names the');
    mine[Symbol.dispose]();
  });
});

test.each(['run.json', 'journal.jsonl', 'run.lock'])('a link as %s leads to no other file', async (name) => {
  await run('run', '--out', 'out');
  folder.write({ 'their.json': folder.list('out').includes(name) ? folder.read(`out/${name}`) : '{}' });
  const linked = workspace({});
  symlinkSync(join(folder.directory, 'their.json'), join(linked.directory, name));
  for (const file of ['run.json', 'journal.jsonl'])
    if (file !== name) linked.write({ [file]: folder.read(`out/${file}`) });
  mark();

  for (const argv of [
    ['run', '--resume', linked.directory],
    ['report', linked.directory],
  ]) {
    const { code, stderr } = await run(...argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is not a regular file|it is a link/);
  }
  expect(sent()).toEqual([0, 0]);
  linked[Symbol.dispose]();
});
