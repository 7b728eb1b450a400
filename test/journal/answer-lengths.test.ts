import { expect, test } from 'vitest';
import { type AnswerLengths, addLength } from '../../src/journal/answer-lengths.ts';
import type { Result } from '../../src/result.ts';
import { answered, failed, usageOf } from '../helpers/results.ts';

function lengthsOf(...results: readonly Result[]): Record<string, AnswerLengths> {
  const lengths = new Map<string, AnswerLengths>();
  for (const result of results) addLength(lengths, result);
  return Object.fromEntries(lengths);
}

test('collects the lengths of the answers of each model', () => {
  const long = { ...answered(1), usage: usageOf(10, 6005) };
  const reasoning = { ...answered(1, { model: 'r' }), usage: { ...usageOf(10, 40), reasoningTokens: 30 } };

  expect(lengthsOf(answered(1), long, reasoning)).toEqual({
    m: { answers: 2, total: 6007, min: 2, max: 6005, reasons: false, spoken: 0 },
    r: { answers: 1, total: 40, min: 40, max: 40, reasons: true, spoken: 0 },
  });
});

test('a conversation counts by the mean of its answers, and by the longest of them as the most', () => {
  const turns = { usage: usageOf(10, 60), usages: [usageOf(5, 10), usageOf(5, 50)], earlierAnswers: ['one'] };

  expect(lengthsOf({ ...answered(1), ...turns })).toEqual({
    m: { answers: 1, total: 30, min: 30, max: 50, reasons: false, spoken: 0 },
  });
});

test('what failed, and answers without a reported length, do not count', () => {
  expect(lengthsOf({ ...failed('content_filter'), usage: usageOf(10, 500) }, { ...answered(1), usage: null })).toEqual(
    {},
  );
});
