import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSampleOrder } from '../../src/plan/sample-order.ts';
import type { Sample } from '../../src/types.ts';

async function* samples(ids: readonly string[]): AsyncGenerator<Sample> {
  for (const id of ids) yield { id } as Sample;
}

async function orderOf(ids: readonly string[], seed: number) {
  const order = await createSampleOrder(() => samples(ids), seed);
  const names: string[] = [];
  for await (const { id } of order.samples(() => samples(ids))) names.push(id);
  return { order, names };
}

const manifests = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 60 });

test('every sample has its place, whatever the order of the rows', async () => {
  await fc.assert(
    fc.asyncProperty(manifests, fc.nat(), async (ids, seed) => {
      const { order, names } = await orderOf(ids, seed);
      expect([...names].sort()).toEqual([...ids].sort());
      expect(names.map(order.positionOf)).toEqual(names.map((_, index) => index));
      expect((await orderOf([...ids].reverse(), seed)).names).toEqual(names);
    }),
    { numRuns: 50 },
  );
});

test('added samples do not move the others against each other', async () => {
  const ids = Array.from({ length: 50 }, (_, index) => `s${index}`);
  const { names } = await orderOf(ids, 1);
  const { names: more } = await orderOf([...ids, 'x', 'y', 'z'], 1);

  expect(more.filter((id) => ids.includes(id))).toEqual(names);
});

test('another seed is another order, and more samples than one pass picks are all there', async () => {
  const ids = Array.from({ length: 5000 }, (_, index) => `s${index}`);
  const { names, order } = await orderOf(ids, 1);

  expect(new Set(names).size).toBe(5000);
  expect((await orderOf(ids, 2)).names).not.toEqual(names);
  expect(order.positionOf('not there')).toBeGreaterThanOrEqual(order.size);
});
