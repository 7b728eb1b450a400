import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFile, writeTextSync } from '../../src/files/write-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'write-'));
  path = join(directory, 'file.txt');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe.each([
  ['a stream', (text: string) => writeFile(path, [text])],
  ['a text', async (text: string) => writeTextSync(path, text)],
  ['a text that is flushed', async (text: string) => writeTextSync(path, text, { flush: true })],
])('%s', (_, write) => {
  test('replaces the file whole: a reader of the old content reads it to its end', async () => {
    writeFileSync(path, 'old');
    const reader = openSync(path, 'r');

    await write('new');

    expect(readFileSync(reader, 'utf8')).toBe('old');
    closeSync(reader);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(directory)).toEqual(['file.txt']);
  });

  test('leaves no temporary file when the file cannot be replaced', async () => {
    mkdirSync(path);

    await expect(write('new')).rejects.toThrow('EISDIR');

    expect(readdirSync(directory)).toEqual(['file.txt']);
  });
});

test('a stream that fails leaves the old content', async () => {
  writeFileSync(path, 'old');
  async function* broken() {
    yield 'half';
    throw new Error('the source broke');
  }

  await expect(writeFile(path, broken())).rejects.toThrow('the source broke');

  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(directory)).toEqual(['file.txt']);
});

test('two writers at the same time leave the content of one of them', async () => {
  const half = 'x'.repeat(100_000);

  await Promise.all([writeFile(path, ['a', half]), writeFile(path, ['b', half])]);

  expect([`a${half}`, `b${half}`]).toContain(readFileSync(path, 'utf8'));
});
