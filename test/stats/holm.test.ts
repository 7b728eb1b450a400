import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holm } from '../../src/stats/holm.ts';

const p = fc.double({ min: 0, max: 1, noNaN: true });

test('adjusted values keep the order of the p values, and none falls below its own or rises above 1', () => {
  fc.assert(
    fc.property(fc.array(p), (values) => {
      const adjusted = holm(values);
      const pairs = values.map((value, index) => [value, adjusted[index] ?? Number.NaN] as const);
      const sorted = pairs.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, own]) => own);
      expect(sorted).toEqual(adjusted.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
      for (const [value, own] of pairs) {
        expect(own).toBeGreaterThanOrEqual(value);
        expect(own).toBeLessThanOrEqual(1);
        expect(own).toBeLessThanOrEqual(Math.min(1, values.length * value));
      }
    }),
  );
});

test('the smallest p is multiplied by the size of the family', () => {
  expect(holm([0.5, 0.01, 0.5])[1]).toBe(0.03);
});

test('what was not tested is not part of the family', () => {
  expect(holm([0.01, null, 0.04])).toEqual([0.02, null, 0.04]);
});

test('typed arrays are taken and stay as they were', () => {
  const values = Float64Array.of(0.04, 0.01);

  expect(holm(values)).toEqual([0.04, 0.02]);
  expect([...values]).toEqual([0.04, 0.01]);
});

test.each([Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY])('%d is no p value', (wrong) => {
  expect(() => holm([0.5, wrong])).toThrow(new RangeError(`p value 1 is ${wrong}; it must be from 0 to 1`));
});
