import { expect, test } from 'vitest';
import { completionTokens } from '../../src/tokens/completion-tokens.ts';

const model = (maxTokens?: number, reasoning?: boolean) => ({
  params: maxTokens === undefined ? {} : { maxTokens },
  ...(reasoning === undefined ? {} : { reasoning }),
});

test('earlier answers say how long the next will be', () => {
  expect(completionTokens(model(), { mean: 42.4, min: 3, max: 120 })).toEqual({
    low: 3,
    expected: 42,
    high: 120,
    rule: 'earlier runs',
    confidence: 'close',
  });
});

test('a lower limit than earlier answers had cuts them', () => {
  expect(completionTokens(model(40), { mean: 42, min: 3, max: 120 })).toMatchObject({ expected: 40, high: 40 });
});

test('without earlier answers the limit is the upper bound', () => {
  expect(completionTokens(model(512), undefined)).toMatchObject({
    low: 1,
    expected: 200,
    high: 512,
    rule: 'maxTokens',
  });
  expect(completionTokens(model(20), undefined)).toMatchObject({ expected: 20, high: 20 });
  expect(completionTokens(model(512), undefined, 30)).toMatchObject({ expected: 30, high: 30 });
});

test('with neither a default is stated', () => {
  expect(completionTokens(model(), undefined)).toMatchObject({ expected: 200, high: 1000, rule: 'default length' });
  expect(completionTokens(model(undefined, true), undefined)).toMatchObject({ expected: 1500, high: 8000 });
});

test('a model that reasons by its name, or did in earlier answers, is expected to answer at length', () => {
  const named = { ...model(), model: 'o4-mini' };
  expect(completionTokens(named, undefined)).toMatchObject({ expected: 1500, high: 8000 });
  expect(completionTokens({ ...named, reasoning: false }, undefined)).toMatchObject({ expected: 200, high: 1000 });
  const earlier = { mean: 42, min: 3, max: 120, reasons: true, isOpen: true } as const;
  expect(completionTokens(model(), earlier)).toMatchObject({ expected: 42, high: 8000 });
});

test('earlier answers of an open length raise the upper bound, and never lower it', () => {
  const earlier = { mean: 42, min: 3, isOpen: true } as const;
  expect(completionTokens(model(), { ...earlier, max: 6005 }).high).toBe(6005);
  expect(completionTokens(model(), { ...earlier, max: 120 }).high).toBe(1000);
  expect(completionTokens(model(512), { ...earlier, max: 6005 }).high).toBe(512);
});
