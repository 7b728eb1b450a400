import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HashSet64 } from '../../src/collections/hash-set-64.ts';

test('remembers the value that a text was first added with', () => {
  const set = new HashSet64();

  expect(set.add('a', 7)).toBeUndefined();
  expect(set.add('b')).toBeUndefined();
  expect(set.add('a', 9)).toBe(7);
  expect(set.add('b', 1)).toBe(0);
  expect(set.size).toBe(2);
});

test('answers like a Map, through every growth', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 50 }), fc.integer({ min: 0, max: 3000 }), (texts, more) => {
      const set = new HashSet64();
      const map = new Map<string, number>();
      const all = [...texts, ...Array.from({ length: more }, (_, at) => `sample-${at}`), ...texts];
      for (const [at, text] of all.entries()) {
        expect(set.has(text)).toBe(map.has(text));
        expect(set.add(text, at)).toBe(map.get(text));
        if (!map.has(text)) map.set(text, at);
      }
      expect(set.size).toBe(map.size);
    }),
    { numRuns: 8 },
  );
});

test('is as new once it is cleared, and its memory is free at once', () => {
  const set = new HashSet64();
  for (let at = 0; at < 200_000; at += 1) set.add(`id-${at}`, at);
  const before = process.memoryUsage.rss();

  set.clear();

  // 2^19 slots of 12 bytes.
  expect(before - process.memoryUsage.rss()).toBeGreaterThan(5_000_000);
  expect([set.size, set.has('id-1')]).toEqual([0, false]);
  expect(set.add('id-1', 3)).toBeUndefined();
  expect(set.add('id-1')).toBe(3);
});

test('distinguishes 100,000 ids', () => {
  const set = new HashSet64();

  const doubles = Array.from({ length: 100_000 }, (_, at) => set.add(`id-${at}`, at)).filter((at) => at !== undefined);

  expect(doubles).toEqual([]);
  expect(set.size).toBe(100_000);
  expect(set.add('id-99999')).toBe(99_999);
  expect(set.has('id-100000')).toBe(false);
});

test('digests are told apart by their first 64 bits, and none is lost when the set grows', () => {
  const set = new HashSet64();
  const digests = Array.from({ length: 3000 }, (_, index) => hash('sha256', String(index)));

  expect(digests.filter((digest) => set.addDigest(digest) !== undefined)).toEqual([]);
  expect(digests.filter((digest) => set.addDigest(digest) === undefined)).toEqual([]);
  expect(set.size).toBe(3000);
  expect(set.addDigest('0'.repeat(64))).toBeUndefined();
  expect(set.addDigest('0'.repeat(64))).toBe(0);
});
