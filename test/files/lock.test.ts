import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LOCK_FILE, lockFolder } from '../../src/files/lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function lockOf(owner: object): void {
  writeFileSync(join(directory, LOCK_FILE), JSON.stringify(owner));
}

test('rejects a second writer while the first runs and admits it afterwards', () => {
  const unlock = lockFolder(directory);

  expect(() => lockFolder(directory)).toThrow(`process ${process.pid}`);
  unlock();
  lockFolder(directory)();

  expect(readdirSync(directory)).toEqual([]);
});

test('the lock of a process that has ended is stale at once', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  lockOf({ host: hostname(), pid, processStart: '1', token: 't' });

  const unlock = lockFolder(directory);

  expect(existsSync(join(directory, LOCK_FILE))).toBe(true);
  unlock();
  expect(readdirSync(directory)).toEqual([]);
});

test.runIf(process.platform === 'linux')('a reused process id does not keep a stale lock alive', () => {
  lockOf({ host: hostname(), pid: process.pid, processStart: '1', token: 't' });

  lockFolder(directory)();

  expect(existsSync(join(directory, LOCK_FILE))).toBe(false);
});

test.runIf(process.platform === 'linux')('the lock of a process is stale once its id is that of another', () => {
  const unlock = lockFolder(directory);
  const mine = JSON.parse(readFileSync(join(directory, LOCK_FILE), 'utf8'));
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  try {
    lockOf({ ...mine, pid: other.pid });

    lockFolder(directory)();
  } finally {
    other.kill();
  }

  expect(existsSync(join(directory, LOCK_FILE))).toBe(false);
  unlock();
});

test('a process keeps its lock when it goes by another name', () => {
  const unlock = lockFolder(directory);
  const { title } = process;
  try {
    process.title = 'run) 1 (2';

    expect(() => lockFolder(directory)).toThrow(`process ${process.pid}`);
  } finally {
    process.title = title;
    unlock();
  }
});

test('a lock that does not say when its process started holds while there is such a process', () => {
  lockOf({ host: hostname(), pid: process.pid, processStart: null, token: 't' });

  expect(() => lockFolder(directory)).toThrow(`process ${process.pid}`);
});

test('a lock that a crash of the machine left empty or torn is nobody’s', () => {
  for (const left of ['', '{"host":"a","pi']) {
    writeFileSync(join(directory, LOCK_FILE), left);

    lockFolder(directory)();

    expect(readdirSync(directory)).toEqual([]);
  }
});

test.runIf(process.getuid?.() === 0)('the lock of a process of another user is respected', () => {
  const other = spawn('sleep', ['60'], { uid: 12_345 });
  lockOf({ host: hostname(), pid: other.pid, processStart: null, token: 't' });
  chmodSync(directory, 0o777);
  process.seteuid?.(54_321);
  try {
    expect(() => lockFolder(directory)).toThrow(`process ${other.pid}`);
  } finally {
    process.seteuid?.(0);
    other.kill();
  }
});

/** The id of a process that was killed and whose parent, a `sleep`, never asks for its exit code. */
async function zombie() {
  const parent = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  await vi.waitFor(() => expect(readFileSync(`/proc/${parent.pid}/cmdline`, 'utf8')).toMatch(/^sleep/));
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z '), { timeout: 5000 });
  return { pid, [Symbol.dispose]: () => parent.kill() };
}

test.runIf(process.platform === 'linux')('a killed process that nobody has reaped holds no lock', async () => {
  using dead = await zombie();
  const start = readFileSync(`/proc/${dead.pid}/stat`, 'utf8').split(' ')[21];
  lockOf({ host: hostname(), pid: dead.pid, processStart: start, token: 't' });

  lockFolder(directory)();

  expect(readdirSync(directory)).toEqual([]);
});

test.runIf(process.platform === 'linux').each([
  ['a folder', (path: string) => mkdirSync(path)],
  ['a named pipe', (path: string) => spawnSync('/usr/bin/mkfifo', [path])],
  ['a link', (path: string) => symlinkSync('/etc/hostname', path)],
])('%s of the name of the lock is rejected at once and kept', (what, make) => {
  make(join(directory, LOCK_FILE));

  expect(() => lockFolder(directory)).toThrow(`${LOCK_FILE} cannot be used: it is ${what}`);
  expect(readdirSync(directory)).toEqual([LOCK_FILE]);
});

test.each(['7', '{"host":1,"pid":2}', '{"host":"a","pid":"b"}', '{"host":"a","pid":-1}', '[]'])(
  'a lock that holds %s names no owner',
  (text) => {
    writeFileSync(join(directory, LOCK_FILE), text);

    lockFolder(directory)();

    expect(readdirSync(directory)).toEqual([]);
  },
);

test('a lock from another machine is respected', () => {
  lockOf({ host: 'elsewhere', pid: 2 ** 30, processStart: '1', token: 't' });

  expect(() => lockFolder(directory)).toThrow('on elsewhere');
});

test('a lock that was taken over is not removed by its former owner', () => {
  const unlock = lockFolder(directory);
  lockOf({ host: hostname(), pid: process.pid, processStart: null, token: 'other' });

  unlock();

  expect(existsSync(join(directory, LOCK_FILE))).toBe(true);
});

test('the guard of a thief that was killed is stale, too', () => {
  const dead = { host: hostname(), pid: 2 ** 30, processStart: '1' };
  lockOf({ ...dead, token: 'old' });
  writeFileSync(join(directory, `${LOCK_FILE}.guard`), JSON.stringify({ ...dead, token: 'thief' }));

  lockFolder(directory)();

  expect(readdirSync(directory)).toEqual([]);
});

test.each([
  ['nobody explains', () => 'who?'],
  ['a living process holds', () => JSON.stringify({ host: hostname(), pid: process.pid, processStart: null })],
])('a guard that %s is named, not waited for', (_who, guard) => {
  lockOf({ host: hostname(), pid: 2 ** 30, processStart: '1', token: 'old' });
  writeFileSync(join(directory, `${LOCK_FILE}.guard`), guard());

  expect(() => lockFolder(directory)).toThrow(`cannot be locked · delete ${LOCK_FILE}.guard`);
  expect(readFileSync(join(directory, LOCK_FILE), 'utf8')).toContain('old');
});
