import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rescueLines } from '../../src/journal/rescue.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rescue-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const LINES = ['one\n', 'two\n'];
const nowhere = () => join(directory, 'not', 'there');
const gone = () => {
  throw new Error('ENOENT: the working directory was removed');
};

test('writes to the first folder that accepts the file', () => {
  const path = rescueLines('r', LINES, [nowhere, gone, () => directory]);
  expect(path).toMatch(/earsight-r-[0-9a-f]{8}\.jsonl$/);
  expect(readFileSync(path ?? '', 'utf8')).toBe('one\ntwo\n');
});

test('never overwrites an earlier rescue of the same run', () => {
  const paths = [1, 2].map(() => rescueLines('r', LINES, [() => directory]));
  expect(new Set(paths).size).toBe(2);
  expect(readdirSync(directory)).toHaveLength(2);
});

test('returns null when no folder accepts the file, and leaves nothing behind', () => {
  mkdirSync(join(directory, 'empty'));
  expect(rescueLines('r', LINES, [nowhere, gone])).toBeNull();
  expect(readdirSync(directory)).toEqual(['empty']);
});

test('a run id from a journal of somebody else does not lead out of the folder', () => {
  const path = rescueLines('../../etc/x', LINES, [() => directory]);

  expect(path?.startsWith(join(directory, 'earsight-..-..-etc-x-'))).toBe(true);
});

test.skipIf(process.platform === 'win32')('only the owner may read rescued answers', () => {
  const path = rescueLines('r', LINES, [() => directory]) ?? '';

  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
});
