import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFile, readTextSync } from '../../src/files/open-file.ts';
import { existingFault } from '../../src/files/output-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'open-'));
  path = join(directory, 'file');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const other = () => join(directory, 'other');

/** What may be at a path instead of a file. */
const KINDS = {
  'a link to a file': () => {
    writeFileSync(other(), 'theirs');
    symlinkSync(other(), path);
  },
  'a link to nothing': () => symlinkSync(other(), path),
  'a folder': () => mkdirSync(path),
  'a named pipe': () => spawnSync('/usr/bin/mkfifo', [path]),
} as const;
const ACCESSES = ['read', 'update', 'append'] as const;

describe.runIf(process.platform === 'linux').each(Object.entries(KINDS))('%s', (_, make) => {
  test.each(ACCESSES)('is rejected at once when it is opened to %s', (access) => {
    make();

    expect(() => closeSync(openFile(path, access))).toThrow(/cannot be used: it is a (link|folder|named pipe)/);
    expect(existsSync(other()) ? readFileSync(other(), 'utf8') : 'theirs').toBe('theirs');
  });

  test('is not where a new file is created', () => {
    make();

    expect(() => closeSync(openFile(path, 'create'))).toThrow('EEXIST');
  });
});

test.runIf(process.platform === 'linux').each(ACCESSES)('a device is rejected when it is opened to %s', (access) => {
  expect(() => closeSync(openFile('/dev/null', access))).toThrow('cannot be used: it is a device');
});

test('a file that has another name in another folder is not written', () => {
  writeFileSync(other(), 'theirs');
  linkSync(other(), path);

  for (const access of ['update', 'append'] as const)
    expect(() => closeSync(openFile(path, access))).toThrow('it is a file with several names');
  expect(readTextSync(path)).toBe('theirs');
});

test('a link is followed only where people may link to a file of their own', () => {
  writeFileSync(other(), 'mine');
  symlinkSync(other(), path);

  expect(readTextSync(path, { followLinks: true })).toBe('mine');
  expect(() => readTextSync(path)).toThrow('it is a link');
});

test('a file that is too large to be read whole is rejected, and a missing one is a system error', () => {
  expect(() => readTextSync(path)).toThrow('ENOENT');
  writeFileSync(path, 'x'.repeat(2 ** 20 + 1));

  expect(() => readTextSync(path, { maxBytes: 2 ** 20 })).toThrow('is larger than 1 MiB');
});

test.skipIf(process.platform === 'win32')('a new file has the permissions that were asked for', () => {
  closeSync(openFile(path, 'append', { mode: 0o600 }));

  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
});

test('only a missing, an empty and an own file may be written by output', () => {
  expect(existingFault(path, 'id,')).toBeNull();
  for (const [content, fault] of [
    ['', null],
    ['id,a\n', null],
    ['i', 'it is another file, which would be lost'],
    ['ID,a\n', 'it is another file, which would be lost'],
  ] as const) {
    writeFileSync(path, content);
    expect(existingFault(path, 'id,')).toBe(fault);
  }
  rmSync(path);
  symlinkSync(other(), path);
  expect(existingFault(path, 'id,')).toBe('it is a link');
});
