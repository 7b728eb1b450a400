import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawRows } from '../../src/plan/draw-rows.ts';
import { workspace } from '../helpers/cli.ts';

/** The drawn prompts, in the order of the manifest. */
async function draw(prompts: readonly string[], count: number, seed: number): Promise<readonly string[]> {
  using folder = workspace({ 'm.jsonl': prompts.map((prompt) => `${JSON.stringify({ prompt })}\n`).join('') });
  const path = `${folder.directory}/m.jsonl`;
  const drawn = await drawRows({ path, displayPath: 'm.jsonl' }, count, seed);
  return prompts.filter((_, index) => drawn.has(index));
}

const prompts = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 20 });
const seeds = fc.integer();

test('a draw has as many rows as were asked for, or all of fewer, and is the same each time', async () => {
  await fc.assert(
    fc.asyncProperty(prompts, fc.integer({ min: 1, max: 30 }), seeds, async (all, count, seed) => {
      const drawn = await draw(all, count, seed);

      expect(drawn).toHaveLength(Math.min(count, all.length));
      expect(await draw(all, count, seed)).toEqual(drawn);
    }),
    { numRuns: 30 },
  );
});

test('a larger draw by the same seed holds the smaller one, in any order of the rows', async () => {
  await fc.assert(
    fc.asyncProperty(prompts, fc.integer({ min: 1, max: 10 }), seeds, async (all, count, seed) => {
      const larger = await draw(all.toReversed(), count + 3, seed);

      expect(larger).toEqual(expect.arrayContaining([...(await draw(all, count, seed))]));
    }),
    { numRuns: 30 },
  );
});

test('a row that is added takes the place of one drawn row at most', async () => {
  await fc.assert(
    fc.asyncProperty(prompts, fc.integer({ min: 1, max: 10 }), seeds, async (all, count, seed) => {
      const before = await draw(all, count, seed);
      const after = await draw(['something new', ...all], count, seed);

      expect(before.filter((prompt) => !after.includes(prompt)).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 30 },
  );
});

test('every row is drawn as often as the others, over many seeds', async () => {
  const all = Array.from({ length: 10 }, (_, index) => `row ${index}`);
  const times = new Map(all.map((prompt) => [prompt, 0]));
  for (let seed = 0; seed < 200; seed += 1)
    for (const prompt of await draw(all, 3, seed)) times.set(prompt, (times.get(prompt) ?? 0) + 1);

  // 60 are expected, with a standard deviation of 6.5.
  expect([...times.values()].filter((count) => count < 35 || count > 85)).toEqual([]);
});

test('rows that repeat one another are drawn each for itself', async () => {
  expect(await draw(['a', 'a', 'a', 'b'], 4, 1)).toHaveLength(4);
});

test('thousands of rows are drawn from more', async () => {
  const all = Array.from({ length: 5000 }, (_, index) => `row ${index}`);

  expect(await draw(all, 1500, 7)).toHaveLength(1500);
});
