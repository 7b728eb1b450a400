import { expect, test } from 'vitest';
import { banded, exactly, NO_TOKENS, sumEstimates } from '../../src/tokens/token-estimate.ts';

test('bounds are whole and hold the expectation', () => {
  expect(banded(10.4, [10.2, 10.3], 'r', 'close')).toMatchObject({ low: 10, expected: 10, high: 11 });
  expect(banded(5, [7, 3], 'r', 'close')).toMatchObject({ low: 5, expected: 5, high: 5 });
  expect(banded(5, [-7, 9], 'r', 'close')).toMatchObject({ low: 0 });
});

test('a sum adds bounds, names its rules once and is as sure as its weakest part', () => {
  const sum = sumEstimates([exactly(5, 'a'), banded(10, [8, 13], 'b', 'rough'), exactly(1, 'a'), NO_TOKENS]);

  expect(sum).toEqual({ low: 14, expected: 16, high: 19, rule: 'a + b', confidence: 'rough' });
});

test('a sum of nothing is nothing', () => {
  expect(sumEstimates([])).toEqual(NO_TOKENS);
  expect(sumEstimates([NO_TOKENS, NO_TOKENS])).toEqual(NO_TOKENS);
});
