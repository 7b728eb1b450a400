/** Prices by minute, page and character. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Price } from '../../src/price.ts';
import { NO_UNITS } from '../../src/tokens/billed-units.ts';
import { picoForSeconds, picoToUsd } from '../../src/tokens/money.ts';
import { priceUsage } from '../../src/tokens/price.ts';
import { NO_USAGE, type Usage } from '../../src/types.ts';

const cost = (price: Price, usage: Partial<Usage>, units?: Partial<typeof NO_UNITS>) => {
  const options = units === undefined ? {} : { units: { ...NO_UNITS, ...units } };
  const { costUsd, unpricedParts } = priceUsage({ ...NO_USAGE, ...usage }, { model: 'm', price }, options);
  return [costUsd, unpricedParts];
};

describe('a price by the minute', () => {
  const price = { perAudioMinute: 0.006 };

  test.each([
    ['the seconds that the endpoint reports', { audioSeconds: 90 }, undefined, [0.009, []]],
    ['reported seconds rather than measured ones', { audioSeconds: 90 }, { audioSeconds: 89.5 }, [0.009, []]],
    ['the length of the clip where none are reported', { audioSeconds: null }, { audioSeconds: 30 }, [0.003, []]],
    [
      'no tokens beside it',
      { audioSeconds: 60, promptTokens: 700, completionTokens: 9, audioTokens: 600 },
      undefined,
      [0.006, []],
    ],
    ['nothing where there is no sound', {}, { audioSeconds: 0 }, [0, []]],
    ['nothing where the length is not known', {}, { audioSeconds: null }, [null, ['audio']]],
    ['nothing where nobody knows of any sound', {}, undefined, [null, ['audio']]],
  ] as const)('bills %s', (_, usage, units, expected) => {
    expect(cost(price, usage, units)).toEqual(expected);
  });

  test('adds tokens that have a rate of their own, and does not know the cost without their count', () => {
    const both = { ...price, completionPerMillion: 10 };

    expect(cost(both, { audioSeconds: 60, promptTokens: 5, completionTokens: 1000 })).toEqual([0.016, []]);
    expect(cost(both, { audioSeconds: 60 })).toEqual([null, ['completion']]);
  });

  test('takes the batch discount off', () => {
    const model = { model: 'm', price: { ...price, batchDiscount: 0.5 } };

    expect(priceUsage({ ...NO_USAGE, audioSeconds: 60 }, model, { batch: true }).costUsd).toBe(0.003);
  });
});

test('a price by the page counts each image as a page', () => {
  expect(cost({ perPage: 0.002 }, { promptTokens: 900, completionTokens: 40 }, { pages: 3 })).toEqual([0.006, []]);
});

test('a price by the character replaces that of the text, and of nothing else', () => {
  const price = { promptPerMillionCharacters: 2 };

  expect(
    cost({ ...price, completionPerMillion: 1 }, { promptTokens: 9, completionTokens: 5 }, { characters: 1000 }),
  ).toEqual([0.002005, []]);
  expect(cost(price, { promptTokens: 9, completionTokens: 5 }, { characters: 1000 })).toEqual([null, ['completion']]);
});

test('a price by token is not changed by units', () => {
  const price = { promptPerMillion: 1, completionPerMillion: 2 };

  expect(cost(price, { promptTokens: 10, completionTokens: 5 }, { audioSeconds: 60, pages: 2, characters: 9 })).toEqual(
    cost(price, { promptTokens: 10, completionTokens: 5 }),
  );
});

test('minutes are exact: a sum of clips costs what one clip of their length does', () => {
  const milliseconds = fc.array(fc.integer({ min: 1, max: 7_200_000 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(milliseconds, fc.integer({ min: 1, max: 1000 }), (lengths, tenthsOfMills) => {
      const rate = tenthsOfMills / 10_000;
      const sum = lengths.reduce((total, length) => total + picoForSeconds(length / 1000, rate), 0n);
      const whole = picoForSeconds(lengths.reduce((total, length) => total + length, 0) / 1000, rate);

      const difference = sum > whole ? sum - whole : whole - sum;
      expect(difference <= BigInt(lengths.length)).toBe(true);
      expect(picoToUsd(whole)).toBeCloseTo((lengths.reduce((total, length) => total + length, 0) / 60_000) * rate, 8);
    }),
  );
});
