import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { align, EDIT, editDistance } from '../../../src/scorers/alignment/align.ts';
import { commonSubsequence } from '../../../src/scorers/alignment/common-subsequence.ts';

const words = (text: string) => text.split(' ').filter((word) => word !== '');

test.each([
  ['a b', 'b a', { substitutions: 0, deletions: 1, insertions: 1, hits: 1 }],
  // The alignment that the documentation of python-Levenshtein shows.
  ['s p a m', 'p a r k', { substitutions: 1, deletions: 1, insertions: 1, hits: 2 }],
  ['a b c', 'a c', { substitutions: 0, deletions: 1, insertions: 0, hits: 2 }],
  ['a c', 'a b c', { substitutions: 0, deletions: 0, insertions: 1, hits: 2 }],
  ['', 'a', { substitutions: 0, deletions: 0, insertions: 1, hits: 0 }],
  ['', '', { substitutions: 0, deletions: 0, insertions: 0, hits: 0 }],
  ['a b c d e f', 'b c x e f g', { substitutions: 1, deletions: 1, insertions: 1, hits: 4 }],
])('%j heard as %j counts its edits', async (reference, hypothesis, counts) => {
  expect((await align(words(reference), words(hypothesis)))?.counts).toEqual(counts);
});

/** The whole matrix, cell by cell, read backwards as rapidfuzz does: common start and end first, deletions first. */
function plainAlignment(reference: readonly string[], hypothesis: readonly string[]) {
  const shorter = Math.min(reference.length, hypothesis.length);
  let start = 0;
  while (start < shorter && reference[start] === hypothesis[start]) start += 1;
  let end = 0;
  while (end < shorter - start && reference.at(-1 - end) === hypothesis.at(-1 - end)) end += 1;
  const rows = hypothesis.slice(start, hypothesis.length - end);
  const columns = reference.slice(start, reference.length - end);
  const matrix = [Array.from({ length: columns.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => matrix[row]?.[column] ?? 0;
  rows.forEach((item, row) => {
    const line = [row + 1];
    columns.forEach((other, column) => {
      line.push(Math.min(at(row, column + 1) + 1, (line[column] ?? 0) + 1, at(row, column) + (item === other ? 0 : 1)));
    });
    matrix.push(line);
  });
  let [row, column] = [rows.length, columns.length];
  const edits: number[] = [];
  while (row > 0 || column > 0) {
    if (row === 0 || (column > 0 && at(row, column) - at(row, column - 1) === 1)) {
      edits.unshift(EDIT.deleted);
      column -= 1;
    } else if (column === 0 || (row > 1 && at(row - 1, column) - at(row - 1, column - 1) === -1)) {
      edits.unshift(EDIT.inserted);
      row -= 1;
    } else {
      edits.unshift(rows[row - 1] === columns[column - 1] ? EDIT.correct : EDIT.substituted);
      [row, column] = [row - 1, column - 1];
    }
  }
  const equal = (count: number) => new Array<number>(count).fill(EDIT.correct);
  return [...equal(start), ...edits, ...equal(end)];
}

describe('an alignment', () => {
  const sequence = (maxLength: number) => fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength });

  test('is the one that rapidfuzz takes', async () => {
    await fc.assert(
      fc.asyncProperty(sequence(80), sequence(80), async (reference, hypothesis) => {
        expect([...((await align(reference, hypothesis))?.edits ?? [])]).toEqual(plainAlignment(reference, hypothesis));
      }),
      { numRuns: 300 },
    );
  });

  test('is the same where only a band of the matrix is looked at', async () => {
    const reference = Array.from({ length: 1500 }, (_, index) => 'abcdefgh'[(index * index + (index >> 3)) % 8] ?? '');
    const hypothesis = reference.flatMap((item, index) => {
      if (index % 17 === 0) return [];
      return index % 23 === 0 ? ['x', item] : [index % 29 === 0 ? 'y' : item];
    });

    expect([...((await align(reference, hypothesis))?.edits ?? [])]).toEqual(plainAlignment(reference, hypothesis));
  });

  test('is exact for texts whose matrix does not fit into memory at once', async () => {
    const reference = Array.from({ length: 120_000 }, (_, index) => `w${(index * 7919) % 5003}`);
    const hypothesis = reference.flatMap((word, index) => {
      if (index % 400 === 0) return [];
      return index % 150 === 0 ? ['wrong'] : [word];
    });
    const deletions = 120_000 / 400;
    const alignment = await align(reference, hypothesis);

    expect(alignment?.counts).toEqual({
      substitutions: 120_000 / 150 - 120_000 / 1200,
      deletions,
      insertions: 0,
      hits: 119_000,
    });
  });

  test('is missing, not approximate, where it would take too long', async () => {
    const [reference, hypothesis] = ['a', 'b'].map((letter) =>
      Array.from({ length: 60_000 }, (_, index) => letter + index),
    );

    expect(await align(reference ?? [], hypothesis ?? [])).toBeNull();
  });

  test('changes insertions and deletions when the sides do, and its distance never', async () => {
    await fc.assert(
      fc.asyncProperty(sequence(40), sequence(40), async (a, b) => {
        const [there, back] = [(await align(a, b))?.counts, (await align(b, a))?.counts];
        expect((there?.deletions ?? 0) - (there?.insertions ?? 0)).toBe(
          (back?.insertions ?? 0) - (back?.deletions ?? 0),
        );
        expect(await editDistance(a, b)).toBe(await editDistance(b, a));
      }),
    );
  });

  test('lets others have their turn', async () => {
    const reference = Array.from({ length: 20_000 }, (_, index) => `w${index % 977}`);
    const hypothesis = reference.map((word, index) => (index % 3 === 0 ? 'x' : word));
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 0);
    await align(reference, hypothesis);
    clearInterval(counting);

    expect(turns).toBeGreaterThan(0);
  });
});

/** The textbook matrix. */
function plainSubsequence(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const item of a) {
    const next = [0];
    b.forEach((other, index) => {
      next.push(item === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}

test('the longest common subsequence is the textbook one', async () => {
  const sequence = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 90 });
  await fc.assert(
    fc.asyncProperty(sequence, sequence, async (a, b) => {
      expect(await commonSubsequence(a, b)).toBe(plainSubsequence(a, b));
    }),
  );
});
