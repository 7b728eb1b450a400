import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createResultIndex } from '../../src/collections/result-index.ts';

const settings = fc.array(
  fc.record({
    place: fc.oneof(fc.nat(100), fc.nat(400_000)),
    offset: fc.nat(2 ** 31).map((offset) => offset * 1000),
    byteLength: fc.integer({ min: 1, max: 2 ** 31 }),
  }),
);

test('gives the newest entry of each place in ascending order, however they came', () => {
  fc.assert(
    fc.property(settings, (entries) => {
      const index = createResultIndex();
      for (const { place, offset, byteLength } of entries) index.set(place, offset, byteLength);

      const newest = new Map(entries.map((entry) => [entry.place, entry]));
      expect([...index.entries()]).toEqual([...newest.values()].sort((a, b) => a.place - b.place));
      expect(index.size()).toBe(newest.size);
      for (const { place } of entries) expect(index.has(place)).toBe(true);
    }),
  );
});

test('holds nothing where nothing was set, and nothing any more once it was cleared', () => {
  const index = createResultIndex();
  index.set(200_000, 5, 7);
  expect([0, 199_999, 200_001, 9_000_000].map((place) => index.has(place))).toEqual([false, false, false, false]);

  index.clear();

  expect([index.size(), [...index.entries()], index.has(200_000)]).toEqual([0, [], false]);
});
