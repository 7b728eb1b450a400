import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalQuantile } from '../../../src/stats/distributions/normal-quantile.ts';
import { studentTQuantile } from '../../../src/stats/distributions/student-t.ts';

// Reference: scipy 1.17.1, stats.t.ppf and stats.norm.ppf.
test.each([
  [0.6, 1, 0.32491969623290634],
  [0.975, 1, 12.706204736174694],
  [0.9995, 1, 636.6192487687897],
  [0.9995, 2, 31.599054576445365],
  [0.6, 3, 0.2766706623326898],
  [0.9995, 7, 5.407882520861828],
  [0.975, 50, 2.008559112100761],
  [0.975, 1000, 1.9623390808264083],
  [0.9995, 1000, 3.300282648423944],
  [0.9995, 1001, 3.3002728760660403],
  [0.975, 5000, 1.9604385517065073],
  [0.6, 100_000, 0.25334777715718015],
])('the t quantile of %d with %d degrees of freedom is %d', (p, degreesOfFreedom, expected) => {
  expect(studentTQuantile(p, degreesOfFreedom) / expected).toBeCloseTo(1, 11);
});

test.each([
  [1e-300, -37.0470962993612],
  [1e-10, -6.361340902404056],
  [0.07, -1.4757910281791706],
  [0.3, -0.5244005127080409],
  [0.93, 1.475791028179171],
])('the normal quantile of %d is %d', (p, expected) => {
  expect(normalQuantile(p)).toBeCloseTo(expected, 12);
});

test('both are odd around one half', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.5, noNaN: true }), fc.integer({ min: 1, max: 3000 }), (p, df) => {
      expect(studentTQuantile(1 - p, df)).toBeCloseTo(-studentTQuantile(p, df), 6);
      expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 6);
    }),
  );
});

test('the t quantile shrinks towards the normal one as degrees of freedom grow', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.55, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 2000 }), (p, df) => {
      const [few, more] = [studentTQuantile(p, df), studentTQuantile(p, df + 1)];
      expect(few).toBeGreaterThan(more);
      expect(more).toBeGreaterThan(normalQuantile(p));
    }),
  );
});
