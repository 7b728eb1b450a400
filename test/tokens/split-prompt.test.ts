import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate, promptSplitOf } from '../../src/tokens/split-prompt.ts';
import { banded, exactly, NO_TOKENS, type TokenEstimate } from '../../src/tokens/token-estimate.ts';

const part = (low: number, expected: number, high: number): TokenEstimate =>
  banded(expected, [low, high], 'rule', 'close');

describe('allocate', () => {
  test('what is missing goes to the part that may be larger', () => {
    expect(allocate(77, [exactly(26, 'text'), part(37, 37, 51)])).toEqual([26, 51]);
  });

  test('what is too much comes from the part that may be smaller', () => {
    expect(allocate(30, [exactly(26, 'text'), part(1, 37, 51)])).toEqual([26, 4]);
  });

  test('beyond every band all parts give or take in proportion', () => {
    expect(allocate(200, [exactly(25, 'text'), exactly(75, 'image')])).toEqual([50, 150]);
    expect(allocate(20, [exactly(25, 'text'), exactly(75, 'image')])).toEqual([5, 15]);
    expect(allocate(7, [NO_TOKENS, NO_TOKENS])).toEqual([4, 3]);
  });

  test('always adds up to the total, and nothing is below 0', () => {
    const estimate = fc.tuple(fc.nat(5000), fc.nat(5000), fc.nat(5000)).map(([a, b, c]) => part(a, a + b, a + b + c));
    fc.assert(
      fc.property(fc.nat(100_000), fc.array(estimate, { minLength: 1, maxLength: 4 }), (total, parts) => {
        const shares = allocate(total, parts);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
        expect(shares.every((share) => Number.isSafeInteger(share) && share >= 0)).toBe(true);
      }),
    );
  });

  test('an estimate that is right stays as it is', () => {
    expect(allocate(60, [part(5, 10, 15), part(40, 50, 90)])).toEqual([10, 50]);
  });
});

test('the chat template counts as text', () => {
  const parts = { text: exactly(20, 'a'), template: exactly(5, 'a'), image: NO_TOKENS, audio: exactly(9, 'b') };

  expect(promptSplitOf(parts)).toMatchObject({ text: { expected: 25 }, image: { high: 0 }, audio: { expected: 9 } });
});
