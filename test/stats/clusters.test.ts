import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sumClusters } from '../../src/stats/clusters.ts';

test('values of one id are added up, those without one stay alone', () => {
  expect([...sumClusters([1, 2, 3, 4, 5], ['a', null, 'a', null, 'b'])]).toEqual([4, 2, 4, 5]);
});

test('ids are text or numbers, and 1 is not "1"', () => {
  expect([...sumClusters([1, 2, 3], [1, '1', 1])]).toEqual([4, 2]);
});

test('without ids the values are copied', () => {
  const values = Float64Array.of(3, 1);
  const sums = sumClusters(values, null);
  sums[0] = 9;

  expect([...values]).toEqual([3, 1]);
});

test('the sums add up to the sum of the values', () => {
  const value = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.constantFrom('a', 'b', null));
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const total = (list: Iterable<number>) => [...list].reduce((sum, one) => sum + one, 0);
      const numbers = values.map(([one]) => one);
      const ids = values.map(([, id]) => id);
      const sums = sumClusters(numbers, ids);
      expect(total(sums)).toBe(total(numbers));
      expect(sums.length).toBe(new Set(ids.filter((id) => id !== null)).size + ids.filter((id) => id === null).length);
    }),
  );
});
