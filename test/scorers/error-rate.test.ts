import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countEdits } from '../../src/scorers/edit-distance.ts';
import { createScorer } from '../../src/scorers/registry.ts';

const sample = { id: 's', metadata: {} };

test('a word error rate above 1 keeps its raw figure and is worth 0', async () => {
  const score = await createScorer({ name: 'wer' }).score({ answer: 'X X Y Y', target: ['X'], sample });

  expect(score).toEqual({
    ...{ scorer: 'wer', unit: 'wer', raw: 3, value: 0 },
    counts: { errors: 3, substitutions: 0, deletions: 0, insertions: 3, hits: 1, reference: 1 },
  });
});

test('an empty answer to a target with words has a rate of 1', async () => {
  for (const name of ['wer', 'cer'])
    expect(await createScorer({ name }).score({ answer: '', target: ['some words'], sample })).toMatchObject({
      ...{ raw: 1, value: 0 },
    });
});

test('an empty answer to an empty target is correct, and every word counts as an error', async () => {
  const scorer = createScorer({ name: 'wer' });

  expect(await scorer.score({ answer: '', target: [''], sample })).toMatchObject({ raw: 0, value: 1 });
  expect(await scorer.score({ answer: 'thank you', target: [''], sample })).toMatchObject({ raw: 2, value: 0 });
});

test('the nearest target counts, with its own counts', async () => {
  const target = ['a b c d', 'a b c', 'x'];
  const score = await createScorer({ name: 'wer' }).score({ answer: 'a b c d e', target, sample });

  expect(score).toMatchObject({ raw: 0.25, counts: { errors: 1, reference: 4 } });
});

test('the normaliser applies to both sides', async () => {
  const scorer = createScorer({ name: 'wer', normalizer: 'whisper-basic' });

  expect(await scorer.score({ answer: 'hello [noise] world', target: ['Hello, world!'], sample })).toMatchObject({
    raw: 0,
  });
});

test.each([
  ['a b', 'b a', { substitutions: 0, deletions: 1, insertions: 1, hits: 1 }],
  // The alignment that the documentation of python-Levenshtein shows.
  ['s p a m', 'p a r k', { substitutions: 1, deletions: 1, insertions: 1, hits: 2 }],
  ['a b c', 'a c', { substitutions: 0, deletions: 1, insertions: 0, hits: 2 }],
  ['a c', 'a b c', { substitutions: 0, deletions: 0, insertions: 1, hits: 2 }],
  ['', 'a', { substitutions: 0, deletions: 0, insertions: 1, hits: 0 }],
  ['', '', { substitutions: 0, deletions: 0, insertions: 0, hits: 0 }],
  ['a b c d e f', 'b c x e f g', { substitutions: 1, deletions: 1, insertions: 1, hits: 4 }],
])('%j heard as %j counts its edits', (reference, hypothesis, counts) => {
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  expect(countEdits(words(reference), words(hypothesis))).toEqual(counts);
});

/** The recursion of the textbook: slow, but easy to check. */
function distance(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const [restOfA, restOfB] = [a.slice(1), b.slice(1)];
  if (a[0] === b[0]) return distance(restOfA, restOfB);
  return 1 + Math.min(distance(restOfA, restOfB), distance(restOfA, b), distance(a, restOfB));
}

test('edits are fewest and counts add up to both lengths', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 });
  fc.assert(
    fc.property(words, words, (reference, hypothesis) => {
      const { substitutions, deletions, insertions, hits } = countEdits(reference, hypothesis);
      expect(substitutions + deletions + insertions).toBe(distance(reference, hypothesis));
      expect(hits + substitutions + deletions).toBe(reference.length);
      expect(hits + substitutions + insertions).toBe(hypothesis.length);
      expect(Math.min(substitutions, deletions, insertions, hits)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});

test('insertions and deletions swap when reference and answer swap', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [there, back] = [countEdits(a, b), countEdits(b, a)];
      expect(there.deletions - there.insertions).toBe(back.insertions - back.deletions);
    }),
  );
});
