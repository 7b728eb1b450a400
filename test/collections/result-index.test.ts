import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createResultIndex } from '../../src/collections/result-index.ts';

const settings = fc.array(
  fc.record({
    rowIndex: fc.oneof(fc.nat(100), fc.nat(400_000)),
    offset: fc.nat(2 ** 31).map((offset) => offset * 1000),
    byteLength: fc.integer({ min: 1, max: 2 ** 31 }),
  }),
);

test('gives the newest entry of each row in ascending order, in whatever order they were set', () => {
  fc.assert(
    fc.property(settings, (entries) => {
      const index = createResultIndex();
      for (const { rowIndex, offset, byteLength } of entries) index.set(rowIndex, offset, byteLength);

      const newest = new Map(entries.map((entry) => [entry.rowIndex, entry]));
      expect([...index.entries()]).toEqual([...newest.values()].sort((a, b) => a.rowIndex - b.rowIndex));
      expect(index.size()).toBe(newest.size);
      for (const { rowIndex } of entries) expect(index.has(rowIndex)).toBe(true);
    }),
  );
});

test('has no entries where none were set, and none after it is cleared', () => {
  const index = createResultIndex();
  index.set(200_000, 5, 7);
  expect([0, 199_999, 200_001, 9_000_000].map((rowIndex) => index.has(rowIndex))).toEqual([false, false, false, false]);

  index.clear();

  expect([index.size(), [...index.entries()], index.has(200_000)]).toEqual([0, [], false]);
});
