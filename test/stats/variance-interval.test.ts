import fc from 'fast-check';
import { expect, test } from 'vitest';
import { varianceInterval } from '../../src/stats/variance-interval.ts';

test('agrees with the formula of Bonett 2006, computed with numpy', () => {
  const [low, high] = varianceInterval([15.83, 16.01, 16.24, 16.42, 15.33, 15.44, 16.88, 16.31]) ?? [];

  expect(low).toBeCloseTo(0.10647969111402943, 12);
  expect(high).toBeCloseTo(1.1752011940501628, 12);
});

test('grows with the square of the scale and does not depend on the place', () => {
  const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 5, maxLength: 40 });
  fc.assert(
    fc.property(values, (list) => {
      const interval = varianceInterval(list);
      const moved = varianceInterval(list.map((value) => 3 * value + 7));
      if (interval === null) expect(new Set(list).size).toBe(1);
      else for (const at of [0, 1] as const) expect((moved?.[at] ?? 0) / interval[at]).toBeCloseTo(9, 6);
    }),
  );
});

test('says nothing of four values', () => {
  expect(varianceInterval([1, 2, 3, 4])).toBeNull();
});
