import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checksum } from '../../src/journal/journal-line.ts';
import type { Answer } from '../../src/result.ts';
import { openCache } from '../../src/run/cache.ts';
import type { Completion } from '../../src/types.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const KEY = '0123456789abcdef0123456789abcdef';
const keyOf = (number: number) => number.toString(16).padStart(32, '0');

function answer(text: string, more: Partial<Completion> = {}): Answer {
  const completion = {
    text,
    finishReason: 'stop',
    refused: false,
    usage: null,
    servedModel: null,
    requestId: 'r',
    ...more,
  } as const;
  return { completion, latencyMs: 120, firstTokenMs: 40 };
}

function files(): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}

function totalBytes(): number {
  return files().reduce((sum, path) => sum + statSync(path).size, 0);
}

function onlyFile(): string {
  const [path] = files();
  if (path === undefined) throw new Error('the cache is empty');
  return path;
}

test('returns an answer unchanged, marked as cached, also in another process', () => {
  openCache(directory).put(KEY, answer('blue'));

  expect(openCache(directory).get(KEY)).toEqual({ ...answer('blue'), fromCache: true });
  expect(openCache(directory).get(keyOf(7))).toBeNull();
});

test.each([
  ['refused', { refused: true }],
  ['cut at the token limit', { finishReason: 'length' }],
  ['ended by a filter', { finishReason: 'content_filter' }],
  ['ended in an unknown way', { finishReason: 'unknown' }],
] as const)('what was %s is never held', (_what, more) => {
  const cache = openCache(directory);
  cache.put(KEY, answer('no', more));

  expect(cache.get(KEY)).toBeNull();
  expect(files()).toEqual([]);
});

test('an entry that is cut off at any byte or has a flipped bit is ignored, and replaced by the next answer', () => {
  const cache = openCache(directory);
  cache.put(KEY, answer('blue'));
  const path = onlyFile();
  const whole = readFileSync(path);

  for (let cut = 0; cut < whole.length; cut += 1) {
    writeFileSync(path, whole.subarray(0, cut));
    expect(cache.get(KEY)).toBeNull();
  }
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      writeFileSync(path, flipped);
      expect(cache.get(KEY)).toBeNull();
    }),
  );
  cache.put(KEY, answer('green'));
  expect(cache.get(KEY)?.completion.text).toBe('green');
});

test('stays near its size, and keeps the most recently used answers', () => {
  const cache = openCache(directory, 20_000);
  const text = 'x'.repeat(400);
  for (let number = 0; number < 20; number += 1) cache.put(keyOf(number), answer(text));
  const past = new Date(Date.now() - 3_600_000);
  for (const path of files()) utimesSync(path, past, past);
  cache.get(keyOf(3));
  let peak = 0;
  for (let number = 100; number < 160; number += 1) {
    cache.put(keyOf(number), answer(text));
    peak = Math.max(peak, totalBytes());
    cache.get(keyOf(3));
  }

  expect(peak).toBeLessThanOrEqual(1.05 * 20_000);
  expect(cache.get(keyOf(3))).not.toBeNull();
  expect(cache.get(keyOf(4))).toBeNull();
  expect(cache.get(keyOf(159))).not.toBeNull();
});

test('trimming leaves a tenth free, so that it is not needed again at once', () => {
  const cache = openCache(directory);
  for (let number = 0; number < 20; number += 1) cache.put(keyOf(number), answer('x'.repeat(400)));
  const maxBytes = totalBytes() - 1;

  openCache(directory, maxBytes);

  expect(totalBytes()).toBeLessThanOrEqual(0.9 * maxBytes);
});

test('replaces an entry whole: a reader of the old entry reads it to its end', () => {
  const cache = openCache(directory);
  cache.put(KEY, answer('blue'));
  const reader = openSync(onlyFile(), 'r');

  cache.put(KEY, answer('a much longer green'));

  expect(readFileSync(reader, 'utf8')).toContain('"blue"');
  closeSync(reader);
  expect(cache.get(KEY)?.completion.text).toBe('a much longer green');
});

test('a file that disappears during trimming is not an error', () => {
  openCache(directory).put(KEY, answer('blue'));
  // A link without a target behaves like a file that another process has just removed.
  symlinkSync(join(directory, 'gone'), `${onlyFile()}.tmp`);

  expect(openCache(directory).get(KEY)).not.toBeNull();
});

test('trimming also removes incomplete files of killed processes', () => {
  openCache(directory).put(KEY, answer('blue'));
  const left = `${onlyFile()}.1.0.tmp`;
  writeFileSync(left, 'x'.repeat(5000));
  const past = new Date(Date.now() - 3_600_000);
  utimesSync(left, past, past);

  openCache(directory, 4000);

  expect(existsSync(left)).toBe(false);
  expect(openCache(directory).get(KEY)).not.toBeNull();
});

test('a failure to keep an answer is ignored', () => {
  const cache = openCache(directory);
  rmSync(directory, { recursive: true });
  writeFileSync(directory, 'in the way');

  cache.put(KEY, answer('blue'));

  expect(cache.get(KEY)).toBeNull();
});

test('a folder that cannot be created is rejected with its name', () => {
  writeFileSync(join(directory, 'file'), '');

  expect(() => openCache(join(directory, 'file'))).toThrow(/file cannot be used as a cache/);
});

test.skipIf(process.platform === 'win32')('no link in the cache is followed, neither to write nor to trim', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'theirs-'));
  const theirs = join(elsewhere, `${KEY}.json`);
  writeFileSync(theirs, 'x'.repeat(9000));
  openCache(directory);
  symlinkSync(elsewhere, join(directory, 'v1', KEY.slice(0, 2)));

  openCache(directory).put(KEY, answer('blue'));
  openCache(directory, 10);

  expect(readFileSync(theirs, 'utf8')).toBe('x'.repeat(9000));
  expect(openCache(directory).get(KEY)).toBeNull();
  rmSync(elsewhere, { recursive: true });
});

test.skipIf(process.platform === 'win32')('a cache folder that is a link is rejected', () => {
  const link = join(directory, 'link');
  symlinkSync(directory, link);

  expect(() => openCache(link)).toThrow(/is a link or a file/);
});

test('trimming leaves files alone that are not of the cache', () => {
  openCache(directory);
  writeFileSync(join(directory, 'v1', 'notes.txt'), 'x'.repeat(9000));

  openCache(directory, 10);

  expect(existsSync(join(directory, 'v1', 'notes.txt'))).toBe(true);
});

test('an entry with a checksum that holds and wrong types is ignored', () => {
  openCache(directory).put(KEY, answer('blue'));
  const json = JSON.stringify({ ...answer('blue'), latencyMs: '=1+1' });
  writeFileSync(onlyFile(), `${checksum(json)}\n${json}`);

  expect(openCache(directory).get(KEY)).toBeNull();
});
