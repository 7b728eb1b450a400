import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { snapshot } from '../helpers/tables.ts';

let endpoint: Endpoint;
let folder: Workspace;
beforeEach(async () => {
  endpoint = await startEndpoint();
  folder = workspace({
    'manifest.csv': 'id,prompt,target\na,one,one\n',
    'earsight.config.yaml': `dataset: manifest.csv\nreporters: [csv, markdown, json]\nmodels:\n  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}}\n`,
  });
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

const at = (path: string) => join(folder.directory, path);
const isPosix = process.platform !== 'win32';

/** Runs a command that must be rejected with nothing written. */
async function rejected(...argv: readonly string[]): Promise<string> {
  const before = snapshot(folder, '.');
  const sent = endpoint.requests.length;
  const { code, stderr } = await folder.run(argv);
  expect(code).toBe(2);
  expect(snapshot(folder, '.')).toEqual(before);
  expect(endpoint.requests).toHaveLength(sent);
  return stderr;
}

describe('--out', () => {
  test.each(['results.csv', 'report.md', 'summary.csv', 'report.json', 'junit.xml'])(
    'a folder with a %s and no journal is rejected',
    async (name) => {
      folder.write({ [`mine/${name}`]: 'a year of work' });

      expect(await rejected('run', '--out', 'mine')).toContain(
        `has no journal, but ${name}, which would be overwritten`,
      );
    },
  );

  test('a folder whose run.json is not JSON and has no journal beside it is rejected', async () => {
    folder.write({ 'mine/run.json': '{"scripts": // mine' });

    expect(await rejected('run', '--out', 'mine')).toContain('is not JSON, and there is no journal beside it');
  });

  test('a folder from which the run would overwrite its manifest is rejected', async () => {
    await folder.run(['run', '--out', 'out']);

    expect(await rejected('run', '--out', 'out', '--dataset', 'out/results.csv')).toContain(
      'is read by this run, and would be overwritten by it',
    );
  });

  test('other files in the folder are left alone', async () => {
    folder.write({ 'mine/notes.txt': 'mine' });

    expect((await folder.run(['run', '--out', 'mine'])).code).toBe(0);
    expect(folder.read('mine/notes.txt')).toBe('mine');
  });
});

describe.each([
  ['--trace', ['run', '--out', 'new']],
  ['--csv', ['estimate']],
])('%s', (option, argv) => {
  test.each([
    ['earsight.config.yaml', 'it is the configuration'],
    ['manifest.csv', 'it is the manifest'],
    ['old/journal.jsonl', 'it is a file of a run'],
    ['old/run.json', 'it is a file of a run'],
    ['old/results.csv', 'it is a file of a run'],
    ['old/report.html', 'it is a file of a run'],
    ['notes.txt', 'it is another file, which would be lost'],
  ])('%s is rejected and kept', async (path, reason) => {
    await folder.run(['run', '--out', 'old']);
    folder.write({ 'notes.txt': 'mine' });

    expect(await rejected(...argv, option, path)).toContain(`${path} cannot be written (${reason})`);
  });

  test.runIf(isPosix)('another name of the configuration is rejected', async () => {
    symlinkSync(at('earsight.config.yaml'), at('link'));
    linkSync(at('manifest.csv'), at('hard'));

    expect(await rejected(...argv, option, 'link')).toContain('it is the configuration');
    expect(await rejected(...argv, option, 'hard')).toContain('it is the manifest');
  });

  test.runIf(isPosix)('a named pipe, a link to another file, a folder and a device are rejected at once', async () => {
    spawnSync('/usr/bin/mkfifo', [at('pipe')]);
    symlinkSync(at('notes.txt'), at('link'));
    mkdirSync(at('folder'));

    expect((await folder.run([...argv, option, 'pipe'])).stderr).toContain('it is a named pipe');
    expect((await folder.run([...argv, option, 'link'])).stderr).toContain('it is a link');
    expect((await folder.run([...argv, option, 'folder'])).stderr).toContain('it is a folder');
    expect((await folder.run([...argv, option, '/dev/null'])).stderr).toContain('it is a device');
    expect(readdirSync(folder.directory)).not.toContain('notes.txt');
    expect(readdirSync(folder.directory)).not.toContain('new');
  });

  test('the file of an earlier command is continued or replaced', async () => {
    for (const _ of [1, 2]) expect((await folder.run([...argv, option, 'again.txt'])).code).toBe(0);
  });
});

test.each(['journal.jsonl', 'results.csv', 'run.json'])(
  '--trace may not be %s of the run that starts',
  async (name) => {
    expect(await rejected('run', '--out', 'new', '--trace', `new/${name}`)).toContain('it is a file of a run');
  },
);

test('calibrate writes over no input and no file of the run', async () => {
  await folder.run(['run', '--out', 'old']);

  for (const [path, reason] of [
    ['manifest.csv', 'it is the manifest'],
    ['earsight.config.yaml', 'it is the configuration'],
    ['old/report.html', 'it is a file of a run'],
  ] as const)
    expect(await rejected('calibrate', 'old', '--out', path)).toContain(reason);
});

describe.runIf(isPosix)('something else than a file is an error at once, not a wait', () => {
  const pipe = (path: string) => spawnSync('/usr/bin/mkfifo', [at(path)]);
  const remove = (path: string) => rmSync(at(path), { recursive: true, force: true });

  test.each(['run.json', 'journal.jsonl', 'run.lock'])('%s of a run', async (name) => {
    mkdirSync(at('out'));
    pipe(`out/${name}`);

    expect((await folder.run(['run', '--out', 'out'])).stderr).toContain(`its ${name} is not a regular file`);
    expect((await folder.run(['report', 'out'])).code).toBe(2);
  });

  test('a finished part of a journal, packed or not', async () => {
    await folder.run(['run', '--out', 'out']);
    for (const name of ['journal.0001.jsonl', 'journal.0002.jsonl.gz']) {
      pipe(`out/${name}`);
      for (const argv of [
        ['report', 'out'],
        ['run', '--resume', 'out'],
        ['run', '--replay', 'out', '--out', 'new'],
      ])
        expect((await folder.run(argv)).stderr).toContain(`${name} cannot be used: it is a named pipe`);
      remove(`out/${name}`);
      remove('new');
    }
  });

  test.each(['.env', '.env.local', 'earsight.config.yaml', 'manifest.csv', 'calibration.json'])('%s', async (name) => {
    remove(name);
    pipe(name);

    const { code, stderr } = await folder.run(['estimate']);

    expect(code).toBe(2);
    expect(stderr).toMatch(/it is a named pipe|is not a (regular )?file/);
  });
});

describe.runIf(isPosix)('permissions', () => {
  const modeOf = (path: string) => (statSync(at(path)).mode & 0o777).toString(8);
  const modesIn = (path: string) => [...new Set(readdirSync(at(path)).map((name) => modeOf(join(path, name))))];

  test('a new run folder and its files are for their owner only', async () => {
    await folder.run(['run', '--out', 'deep/out', '--cache', '--trace', 'trace.jsonl']);

    expect([modeOf('deep/out'), modesIn('deep/out'), modeOf('trace.jsonl')]).toEqual(['700', ['600'], '600']);
    expect([modeOf('.earsight/cache'), modeOf('.earsight/cache/v1')]).toEqual(['755', '700']);
    await folder.run(['report', 'deep/out', '--reporter', 'json', 'csv']);
    expect(modesIn('deep/out')).toEqual(['600']);
  });

  test('with --shared they are as the umask says, and stay so', async () => {
    await folder.run(['run', '--out', 'out', '--shared', '--cache']);

    expect([modeOf('out'), modesIn('out'), modeOf('.earsight/cache/v1')]).toEqual(['755', ['644'], '755']);
    await folder.run(['report', 'out', '--reporter', 'json']);
    await folder.run(['run', '--resume', 'out']);
    expect(modesIn('out')).toEqual(['644']);
  });

  test('a run of an earlier version keeps its permissions', async () => {
    await folder.run(['run', '--out', 'out']);
    chmodSync(at('out/journal.jsonl'), 0o640);
    await folder.run(['run', '--resume', 'out']);

    expect(modesIn('out')).toEqual(['640']);
  });

  test('--shared does not open the folder of an earlier run', async () => {
    await folder.run(['run', '--out', 'out']);

    expect(await rejected('run', '--resume', 'out', '--shared')).toContain('--shared is for new runs');
  });
});
