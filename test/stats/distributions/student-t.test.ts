import fc from 'fast-check';
import { expect, test } from 'vitest';
import { studentTAbove, studentTQuantile } from '../../../src/stats/distributions/student-t.ts';

// Reference: scipy 1.17.1, stats.t.sf(t, df).
test.each([
  [2.5, 4, 0.03338327240599407],
  [40, 9, 9.491499224669911e-12],
  [-1.2, 7, 0.8654140315863967],
  [3, 99_999, 0.0013502304453567144],
  [1.1, 2.5, 0.1829347501674098],
])('the probability above %d with %d degrees of freedom is %d', (t, df, p) => {
  expect(studentTAbove(t, df) / p).toBeCloseTo(1, 11);
});

// Reference: scipy 1.17.1, stats.t.ppf(p, df).
test.each([
  [0.975, 2.5, 3.5746548420036817],
  [0.9, 700.25, 1.2827617055822533],
])('the quantile of %d between whole degrees of freedom, %d, is %d', (p, df, t) => {
  expect(studentTQuantile(p, df) / t).toBeCloseTo(1, 11);
});

test('it turns the quantile back', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.0005, max: 0.9995, noNaN: true }), fc.integer({ min: 1, max: 3000 }), (p, df) => {
      expect(studentTAbove(studentTQuantile(p, df), df)).toBeCloseTo(1 - p, 10);
    }),
  );
});

test('nothing lies beyond infinity', () => {
  expect(studentTAbove(Number.POSITIVE_INFINITY, 5)).toBe(0);
  expect(studentTAbove(Number.NEGATIVE_INFINITY, 5)).toBe(1);
  expect(studentTAbove(0, 5)).toBe(0.5);
});
