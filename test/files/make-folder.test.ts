import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../../src/files/make-folder.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('makes a folder with its parents, and lets one be that is there', () => {
  const path = join(directory, 'a', 'b');

  makeFolder(path);
  makeFolder(path);

  expect(statSync(path).isDirectory()).toBe(true);
});

test('says that a part of the path is a file', () => {
  writeFileSync(join(directory, 'file'), '');

  expect(() => makeFolder(join(directory, 'file', 'a', 'b'))).toThrow('ENOTDIR');
});

test.skipIf(!existsSync('/proc'))('gives up where the system makes no folders', () => {
  expect(() => makeFolder('/proc/earsight/run')).toThrow('ENOENT');
});
