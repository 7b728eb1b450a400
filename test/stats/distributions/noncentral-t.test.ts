import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noncentralTAbove } from '../../../src/stats/distributions/noncentral-t.ts';
import { studentTAbove } from '../../../src/stats/distributions/student-t.ts';

// Reference: scipy 1.17.1, stats.nct.sf(t, df, effect).
test.each([
  [2, 9, 1.5, 0.34412408600145034],
  [12.7, 1, 50, 0.9999132196583765],
  [1.96, 1000, 2.8, 0.7994572587057683],
  [4, 2, 10, 0.9963551755384709],
])('above %d with %d degrees of freedom and an effect of %d lies %d', (t, df, effect, p) => {
  expect(noncentralTAbove(t, df, effect)).toBeCloseTo(p, 11);
});

test('without an effect it is the t distribution', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 20, noNaN: true }),
      fc.double({ min: 1, max: 5000, noNaN: true }),
      (t, df) => {
        expect(noncentralTAbove(t, df, 0)).toBeCloseTo(studentTAbove(t, df), 10);
      },
    ),
  );
});

test('a larger effect is seen more often', () => {
  const effect = fc.double({ min: -5, max: 30, noNaN: true });
  fc.assert(
    fc.property(effect, effect, fc.integer({ min: 1, max: 500 }), (a, b, df) => {
      const [few, many] = [noncentralTAbove(2.5, df, Math.min(a, b)), noncentralTAbove(2.5, df, Math.max(a, b))];
      expect(few).toBeLessThanOrEqual(many + 1e-10);
      expect(few).toBeGreaterThanOrEqual(0);
      expect(many).toBeLessThanOrEqual(1);
    }),
  );
});
