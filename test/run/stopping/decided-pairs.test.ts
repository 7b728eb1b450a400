import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDecidedPairs, type DecidedPairs } from '../../../src/run/stopping/decided-pairs.ts';

/** Models that are compared with the first one, unless `bases` says otherwise. */
const create = (ids: readonly string[], samples = 200, margin: number | null = null, bases: readonly number[] = []) =>
  createDecidedPairs({
    models: ids.map((id, index) => ({ id, base: bases[index] ?? 0 })),
    samples,
    margin,
    alpha: 0.05,
  });

function fill(pairs: DecidedPairs, modelIndex: number, scores: readonly (number | null)[]) {
  for (const [position, score] of scores.entries()) pairs.note(modelIndex, position, score);
}

const scores = (samples: number, of: (index: number) => number | null) =>
  Array.from({ length: samples }, (_, index) => of(index));

test('only the prefix that both models have counts, so that fast answers do not bias', () => {
  const pairs = create(['a', 'b']);
  fill(
    pairs,
    0,
    scores(200, () => 0),
  );
  // Place 3 is missing: what came after it does not count, however good it is.
  for (let position = 0; position < 200; position += 1) if (position !== 3) pairs.note(1, position, 1);

  expect(pairs.decisions()).toMatchObject([{ conclusion: 'open', samples: 3, pairs: 3 }]);
  pairs.note(1, 3, 1);
  expect(pairs.decisions()).toMatchObject([{ conclusion: 'better', dropped: 0 }]);
});

test('the order in which answers arrive changes nothing', () => {
  const cells = [0, 1].flatMap((model) =>
    scores(60, (index) => ((index * 7 + model * 3) % 5 > 2 ? 1 : 0)).map((score, position) => ({
      model,
      position,
      score,
    })),
  );
  const noted = (list: typeof cells) => {
    const pairs = create(['a', 'b'], 60);
    for (const { model, position, score } of list) pairs.note(model, position, score);
    return pairs.decisions();
  };
  const expected = noted(cells);
  const orders = fc.shuffledSubarray(cells, { minLength: cells.length });
  fc.assert(
    fc.property(orders, (shuffled) => {
      expect(noted(shuffled)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('a missing pair is dropped and counted', () => {
  const pairs = create(['a', 'b'], 40);
  fill(
    pairs,
    0,
    scores(40, (index) => (index % 5 === 0 ? null : 0)),
  );
  fill(
    pairs,
    1,
    scores(40, () => 1),
  );

  const [decision] = pairs.decisions();
  expect(decision?.conclusion).toBe('better');
  expect(decision?.samples).toBe((decision?.pairs ?? 0) + (decision?.dropped ?? 0));
  expect(decision?.dropped).toBeGreaterThan(0);
});

test('the first model is needed until every comparison is decided', () => {
  const pairs = create(['a', 'b', 'c']);
  fill(
    pairs,
    0,
    scores(200, () => 0),
  );
  fill(
    pairs,
    1,
    scores(200, () => 1),
  );

  expect([0, 1, 2].map(pairs.isDecided)).toEqual([false, true, false]);
  fill(
    pairs,
    2,
    scores(200, () => 1),
  );
  expect([0, 1, 2].map(pairs.isDecided)).toEqual([true, true, true]);
});

test('several comparisons divide alpha', () => {
  const decided = (models: readonly string[]) => {
    const pairs = create(models);
    for (const modelIndex of models.keys())
      fill(
        pairs,
        modelIndex,
        scores(200, (index) => (modelIndex === 0 ? 0 : index % 2)),
      );
    return pairs.decisions()[0]?.samples ?? 0;
  };

  expect(decided(['a', 'b', 'c', 'd'])).toBeGreaterThan(decided(['a', 'b']));
});

test('a second result of a cell does not replace what was looked at', () => {
  const pairs = create(['a', 'b'], 10);
  pairs.note(0, 0, 0);
  pairs.note(1, 0, 1);
  pairs.note(1, 0, 0);

  expect(pairs.decisions()[0]?.difference).toBe(1);
});

test('a model that was made of another one is compared with it, which is asked as long as that needs it', () => {
  const pairs = create(['a', 'b', 'b@no-image'], 200, null, [0, 0, 1]);
  for (const [model, score] of [1, 0, 0].entries())
    fill(
      pairs,
      model,
      scores(200, () => score),
    );

  expect(pairs.decisions()).toMatchObject([
    { a: 'a', b: 'b', conclusion: 'worse' },
    { a: 'b', b: 'b@no-image', conclusion: 'open', samples: 200 },
  ]);
  expect([0, 1, 2].map(pairs.isDecided)).toEqual([true, false, false]);
});
