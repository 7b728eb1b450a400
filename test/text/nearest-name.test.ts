import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_CELLS, nearestName, suggest } from '../../src/text/nearest-name.ts';

/** The distance without any bound. */
function plainDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
          ? (rows[row - 2]?.[column - 2] ?? 0) + 1
          : Number.POSITIVE_INFINITY;
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      const above = rows[row - 1];
      current.push(
        Math.min(
          (above?.[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (above?.[column - 1] ?? 0) + cost,
          swapped,
        ),
      );
    }
    rows.push(current);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

const names = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });

test('finds the first of the nearest names, as a search without bounds does', () => {
  fc.assert(
    fc.property(names, fc.array(names, { maxLength: 8 }), (name, candidates) => {
      const limit = Math.max(1, Math.floor(name.length / 3));
      const near = candidates.filter((candidate) => plainDistance(name, candidate) <= limit);
      const [best] = near.toSorted((a, b) => plainDistance(name, a) - plainDistance(name, b));
      expect(nearestName(name, candidates)).toBe(best);
    }),
    { numRuns: 2000 },
  );
});

test('a swapped pair counts once, and case does not', () => {
  expect(nearestName('Pormpt', ['system', 'prompt'])).toBe('prompt');
});

test('compares no name that is longer than a file name', () => {
  const work = { cells: MAX_CELLS };
  const name = 'ab'.repeat(10_000);

  expect(nearestName(name, [`${name}x`], work)).toBeUndefined();
  expect(work.cells).toBe(MAX_CELLS);
});

test('fills no more than a band of the table', () => {
  const work = { cells: MAX_CELLS };
  nearestName('abcdef'.repeat(40), ['fedcba'.repeat(40)], work);

  expect(MAX_CELLS - work.cells).toBeLessThan(240 * 161);
});

test('skips names whose length differs too much', () => {
  const work = { cells: MAX_CELLS };
  nearestName('prompt', ['a', 'a-much-longer-name'], work);

  expect(work.cells).toBe(MAX_CELLS);
});

test('ends with the best so far after a bounded number of comparisons', () => {
  const work = { cells: MAX_CELLS };
  const candidates = ['abcdefgx', ...Array.from({ length: 200_000 }, (_, index) => `hgfedc${index % 90}`)];

  expect(nearestName('abcdefgh', candidates, work)).toBe('abcdefgx');
  expect(MAX_CELLS - work.cells).toBeLessThan(MAX_CELLS + 1000);
});

test('lists some names when none is similar', () => {
  const many = Array.from({ length: 1000 }, (_, index) => `name-${index}`);

  expect(suggest('zzz', ['ab', 'cd'])).toBe('known: ab, cd');
  expect(suggest('zzz', many)).toMatch(/^known: name-0, .* and 950 more$/);
});
