import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discounted, picoPerToken, picoToUsd, sumUsd, usdToPico } from '../../src/tokens/money.ts';

describe('money', () => {
  test('a rate of 1 USD per million is a million units a token', () => {
    expect(picoPerToken(1)).toBe(1_000_000n);
    expect(picoPerToken(0.08)).toBe(80_000n);
    expect(picoPerToken(0.0375)).toBe(37_500n);
  });

  test('dollars and units give each other back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 4_000n * 10n ** 12n }), (amount) => {
        expect(usdToPico(picoToUsd(amount))).toBe(amount);
      }),
    );
  });

  test('a million cells add up without drift', () => {
    const cells = 1_000_000;
    const one = picoToUsd(26n * picoPerToken(0.08) + 51n * picoPerToken(4) + 7n * picoPerToken(0.32));
    function* prices() {
      for (let cell = 0; cell < cells; cell += 1) yield one;
    }

    expect(one).toBe(0.00020832);
    expect(sumUsd(prices())).toBe(208.32);
  });

  test('a tenth of a cent, added ten million times in floats, would drift', () => {
    const amounts = Array.from({ length: 100_000 }, () => 0.1);

    expect(sumUsd(amounts)).toBe(10_000);
    expect(amounts.reduce((sum, usd) => sum + usd, 0)).not.toBe(10_000);
  });

  test('a discount is rounded to the nearest unit', () => {
    expect(discounted(100n, 0.5)).toBe(50n);
    expect(discounted(3n, 0.5)).toBe(2n);
    expect(discounted(7n, 0)).toBe(7n);
    expect(discounted(7n, 1)).toBe(0n);
  });
});
