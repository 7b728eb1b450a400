import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LOCK_FILE, lockFolder } from '../../src/engine/lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function lockOf(owner: object): void {
  writeFileSync(join(directory, LOCK_FILE), JSON.stringify(owner));
}

test('a second writer is refused while the first lives and welcome afterwards', () => {
  const unlock = lockFolder(directory);

  expect(() => lockFolder(directory)).toThrow(`process ${process.pid}`);
  unlock();
  lockFolder(directory)();

  expect(readdirSync(directory)).toEqual([]);
});

test('the lock of a process that is gone is stale at once', () => {
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

test('a lock from another machine is respected', () => {
  lockOf({ host: 'elsewhere', pid: 1, processStart: null, token: 't' });

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

test('a guard that nobody explains is named, not waited for', () => {
  lockOf({ host: hostname(), pid: 2 ** 30, processStart: '1', token: 'old' });
  writeFileSync(join(directory, `${LOCK_FILE}.guard`), 'who?');

  expect(() => lockFolder(directory)).toThrow(`cannot be locked · delete ${LOCK_FILE}.guard`);
});
