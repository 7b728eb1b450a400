import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bigramSimilarity } from '../../src/text/bigram-similarity.ts';

test.each([
  ['The total is 42 EUR.', 'the total is 42 eur', 1],
  ['B', 'b)', 1],
  ['B', 'C', 0],
  // <n ni ig gh ht t> and <n na ac ch ht t>: three of six pairs each.
  ['night', 'nacht', 0.5],
  ['', '', 1],
  ['東京都', '東京', 4 / 7],
  ['?', '!', 0],
])('%j and %j are alike by %d', (a, b, alike) => {
  expect(bigramSimilarity(a, b)).toBeCloseTo(alike, 12);
});

test('is symmetric, from 0 to 1, and 1 for equal texts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const alike = bigramSimilarity(a, b);
      expect(alike).toBe(bigramSimilarity(b, a));
      expect(alike).toBeGreaterThanOrEqual(0);
      expect(alike).toBeLessThanOrEqual(1);
      expect(bigramSimilarity(a, a)).toBe(1);
    }),
  );
});
