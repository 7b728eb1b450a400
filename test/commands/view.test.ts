import { chmodSync, existsSync, symlinkSync, utimesSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import { type Outcome, type Workspace, workspace } from '../helpers/cli.ts';
import { rawGet } from '../helpers/raw-get.ts';
import { answered } from '../helpers/results.ts';
import { writeRun } from '../helpers/run-folder.ts';

function addRun(folder: Workspace, path: string, writtenS: number, files: readonly string[] = ['report.html']): void {
  const directory = join(folder.directory, path);
  writeRun(directory, [answered(1, { model: 'm' })]);
  for (const name of files) folder.write({ [`${path}/${name}`]: `<p>${path}` });
  utimesSync(join(directory, 'journal.jsonl'), writtenS, writtenS);
}

/** Runs the command, calls `look` with the address that it prints, and stops it. */
async function viewing(
  folder: Workspace,
  argv: readonly string[],
  look: (url: string) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const stop = new AbortController();
  const [out, err]: [string[], string[]] = [[], []];
  let ended: Promise<Outcome> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const say = (text: string) => {
        err.push(text);
        if (text.includes('Ctrl-C stops')) look(out.join('').trim()).then(resolve, reject);
      };
      const streams = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: say } };
      ended = folder.run(['view', ...argv], { env, stop: stop.signal, ...streams });
      ended.then(() => reject(new Error(`ended early: ${err.join('')}`)), reject);
    });
  } finally {
    stop.abort();
  }
  return { code: (await ended)?.code ?? -1, stdout: out.join(''), stderr: err.join('') };
}

test('prints the address of the newest report, and ends when it is stopped', async () => {
  using folder = workspace();
  addRun(folder, 'results/old', 1000);
  addRun(folder, 'results/new', 3000);
  addRun(folder, 'results/newest', 4000, []);
  let address = '';
  const { code, stdout, stderr } = await viewing(folder, [], async (url) => {
    address = url;
    expect((await rawGet(url, new URL(url).pathname)).text).toBe('<p>results/new');
  });
  expect(code).toBe(EXIT.done);
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/runs\/new\/report\.html\n$/);
  expect(stderr).toMatch(/^all runs: http:\/\/127\.0\.0\.1:\d+\/ · Ctrl-C stops\n$/);
  await expect(rawGet(address, '/')).rejects.toThrow(/ECONNREFUSED/);
});

test.each([
  ['a run', 'results/old', '/runs/old/report.html'],
  ['latest', 'latest', '/runs/new/report.html'],
  ['a folder with runs', 'results', '/runs/new/report.html'],
  ['a run elsewhere', 'other/mine', '/runs/mine/report.html'],
  ['a link to a run elsewhere', 'link', '/runs/mine/report.html'],
])('opens the report of %s', async (_, run, path) => {
  using folder = workspace();
  addRun(folder, 'results/old', 1000);
  addRun(folder, 'results/new', 3000);
  addRun(folder, 'other/mine', 3000);
  symlinkSync('other/mine', join(folder.directory, 'link'));
  await viewing(folder, [run], async (url) => {
    expect(new URL(url).pathname).toBe(path);
    expect((await rawGet(url, path)).status).toBe(200);
  });
});

test('a run without a report gets the list, and the command that makes one', async () => {
  using folder = workspace();
  addRun(folder, "results/it's new", 1000, []);
  const { stdout, stderr } = await viewing(folder, [], async (url) => {
    expect((await rawGet(url, '/')).text).toContain('it&#39;s new');
  });
  expect(stdout).toMatch(/:\d+\/\n$/);
  expect(stderr).toContain(
    "it's new has no report.html · earsight report 'results/it'\\''s new' --reporter html makes one\n",
  );
});

test('a results folder whose runs are all damaged is shown', async () => {
  using folder = workspace({ 'results/a/run.json': '{"torn', 'results/b/journal.jsonl': '' });
  const { code, stderr } = await viewing(folder, [], async (url) => {
    expect((await rawGet(url, '/')).text).toContain('is not JSON');
  });
  expect(stderr).not.toContain('earsight report');
  expect(code).toBe(EXIT.done);
});

test.each([
  ['no results folder', [], 'results contains no run · start one with earsight run\n'],
  ['latest without runs', ['latest'], 'results contains no run · start one with earsight run\n'],
  ['a folder without runs', ['empty'], 'empty contains no run · start one with earsight run\n'],
  ['a file', ['empty/notes.txt'], 'empty/notes.txt contains no run · start one with earsight run\n'],
  ['a path that does not exist', ['gone'], 'gone contains no run · start one with earsight run\n'],
  ['a damaged run', ['torn'], 'torn contains a damaged run.json · earsight run --resume writes a new one\n'],
  ['a port that is none', ['--port', '70000'], '--port 70000 is not a port · use a whole number from 0 to 65535\n'],
])('%s is rejected', async (_, argv, message) => {
  using folder = workspace({ 'empty/notes.txt': '', 'torn/run.json': '{', 'torn/journal.jsonl': '' });
  const { code, stderr, stdout } = await folder.run(['view', ...argv]);
  expect([code, stdout, stderr]).toEqual([EXIT.input, '', message]);
});

test('a port in use is rejected', async () => {
  using folder = workspace();
  addRun(folder, 'results/a', 1000);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const { code, stderr } = await folder.run(['view', '--port', String(port)]);
    expect(code).toBe(EXIT.input);
    expect(stderr).toBe(`port ${port} is in use · choose another --port, or 0 for any free one\n`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test.runIf(process.platform === 'linux')('--open starts the browser with the address as one word', async () => {
  using folder = workspace({
    'bin/xdg-open': '#!/bin/sh\nprintf "%s|" "$@" > "$OPENED.part"\nmv "$OPENED.part" "$OPENED"\n',
  });
  addRun(folder, 'results/a b', 1000);
  chmodSync(join(folder.directory, 'bin/xdg-open'), 0o755);
  const opened = join(folder.directory, 'opened');
  const env = { PATH: `${join(folder.directory, 'bin')}:/usr/bin:/bin`, OPENED: opened };
  let url = '';
  await viewing(
    folder,
    ['--open'],
    async (address) => {
      url = address;
      await expect.poll(() => existsSync(opened), { timeout: 5000 }).toBe(true);
    },
    env,
  );
  expect(url).toMatch(/\/runs\/a%20b\/report\.html$/);
  expect(folder.read('opened')).toBe(`${url}|`);
});

test('a machine without a browser says so and goes on', async () => {
  using folder = workspace();
  addRun(folder, 'results/a', 1000);
  const { code, stderr } = await viewing(folder, ['--open'], async () => {}, { PATH: folder.directory });
  expect(code).toBe(EXIT.done);
  expect(stderr).toContain('the browser could not be opened');
});
