import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signFlip } from '../../src/stats/sign-flip.ts';

const seed = 1;
const differences = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 10 });

/** Every sign vector in turn, as slowly as the definition has it. */
function byDefinition(values: readonly number[]) {
  const sums = Array.from({ length: 2 ** values.length }, (_, vector) =>
    values.reduce((sum, value, index) => sum + ((vector >> index) & 1 ? -value : value), 0),
  );
  const observed = sums[0] ?? 0;
  const share = (isHit: (sum: number) => boolean) => sums.filter(isHit).length / sums.length;
  return {
    pTwoSided: share((sum) => Math.abs(sum) >= Math.abs(observed)),
    pLess: share((sum) => sum <= observed),
    pGreater: share((sum) => sum >= observed),
    isExact: true,
  };
}

test('enumerates all sign vectors', () => {
  fc.assert(
    fc.property(differences, (values) => {
      expect(signFlip(values, { seed })).toEqual(byDefinition(values));
    }),
  );
});

test('sums that differ by rounding only count as equal', () => {
  // Reference: scipy 1.17.1, stats.permutation_test over all sign flips.
  const values = [0.5, 0.25, -0.1, 0.3, 0.3, 0.7, -0.2, 0.15, 0.4];

  expect(signFlip(values, { seed })).toEqual({
    pTwoSided: 0.03515625,
    pLess: 0.98828125,
    pGreater: 0.017578125,
    isExact: true,
  });
});

test('differences of one cluster change their signs together', () => {
  // Reference: as above, over the sums 0.4, 0.8, -0.1, 0.3, 0.5, -0.2.
  const clusters = ['a', 'b', 'a', 'b', 'c', null, 'd', null];

  const found = signFlip([0.1, 0.5, 0.3, 0.3, -0.1, 0.3, 0.5, -0.2], { clusters, seed });

  expect(found?.pTwoSided).toBe(0.15625);
});

test('20 differences are enumerated, more are sampled; zeros do not count', () => {
  const values = Array.from({ length: 20 }, (_, index) => index + 1);

  expect(signFlip(values, { seed })).toMatchObject({ pTwoSided: 2 / 2 ** 20, isExact: true });
  expect(signFlip([...values, 0, 0, 0], { seed })).toMatchObject({ pTwoSided: 2 / 2 ** 20, isExact: true });
  expect(signFlip([...values, 1], { seed })).toMatchObject({ isExact: false });
});

test('random sign vectors never give a p of 0', () => {
  const values = Array.from({ length: 40 }, () => 1);

  expect(signFlip(values, { seed, resamples: 999 })).toEqual({
    pTwoSided: 1 / 1000,
    pLess: 1,
    pGreater: 1 / 1000,
    isExact: false,
  });
});

test('random sign vectors come close to the normal limit and repeat with their seed', () => {
  // 400 differences of +-1 with a sum of 40: P(|S| >= 40) = 2 P(X <= 180), X of 400 fair coins.
  const values = Array.from({ length: 400 }, (_, index) => (index < 220 ? 1 : -1));
  const found = signFlip(values, { seed, resamples: 20_000 });

  // Reference: scipy 1.17.1, 2 * stats.binom.cdf(180, 400, 0.5).
  expect(found?.pTwoSided).toBeCloseTo(0.05104, 2);
  expect(signFlip(values.toReversed(), { seed, resamples: 20_000 })).toEqual(found);
  expect(signFlip(values, { seed: 2, resamples: 20_000 })).not.toEqual(found);
});

test('no difference other than 0 is no evidence, and no difference at all is null', () => {
  expect(signFlip([0, 0], { seed })).toEqual({ pTwoSided: 1, pLess: 1, pGreater: 1, isExact: true });
  expect(signFlip([], { seed })).toBeNull();
});

test('the argument stays as it was', () => {
  const values = Float64Array.of(3, -1, 2);
  signFlip(values, { seed });

  expect([...values]).toEqual([3, -1, 2]);
});

test('values that are not finite and no resamples are rejected', () => {
  expect(() => signFlip([1, Number.NaN], { seed })).toThrow(RangeError);
  expect(() => signFlip([1], { seed, resamples: 0 })).toThrow(RangeError);
});
