import { describe, expect, test } from 'vitest';
import type { ExpectedTokens, Result } from '../../src/result.ts';
import { compareEstimate } from '../../src/summary/estimate-errors.ts';
import { createSummary } from '../../src/summary/summary.ts';
import type { Usage } from '../../src/types.ts';
import { answered, failed, usageOf } from '../helpers/results.ts';

const expected = (more: Partial<ExpectedTokens> = {}): ExpectedTokens => ({
  ...{ text: 8, template: 2, image: 0, audio: 0, completion: 5 },
  ...more,
});

interface Reported {
  readonly estimate: ExpectedTokens;
  readonly usage?: Partial<Usage>;
  readonly source?: 'endpoint' | 'estimate';
  readonly index?: number;
}

function cell({ estimate, usage = {}, source = 'endpoint', index = 0 }: Reported): Result {
  return { ...answered(1, { index }), estimate, tokensSource: source, usage: { ...usageOf(100, 4), ...usage } };
}

const partsOf = (result: Result) =>
  Object.fromEntries(
    compareEstimate(result).map(({ part, expected: mine, reported }) => [part, [mine, reported]] as const),
  );

describe('what is compared', () => {
  test('compares text alone with the whole prompt', () => {
    expect(partsOf(cell({ estimate: expected() }))).toEqual({
      prompt: [10, 100],
      text: [10, 100],
      completion: [5, 4],
    });
  });

  test('uses the parts that an endpoint reports', () => {
    const usage = { textTokens: 11, imageTokens: 60, audioTokens: 29 };

    expect(partsOf(cell({ estimate: expected({ image: 50, audio: 30 }), usage }))).toEqual({
      prompt: [90, 100],
      text: [10, 11],
      image: [50, 60],
      audio: [30, 29],
      completion: [5, 4],
    });
  });

  test.each([
    ['images', { image: 50 }, { image: [50, 90] }],
    ['clips', { audio: 50 }, { audio: [50, 90] }],
  ])('when only the prompt is reported, %s are the prompt minus the expected text', (_what, media, more) => {
    expect(partsOf(cell({ estimate: expected(media) }))).toMatchObject({ text: [10, null], ...more });
  });

  test('images and clips together cannot be separated', () => {
    expect(partsOf(cell({ estimate: expected({ image: 1, audio: 1 }) }))).toMatchObject({
      image: [1, null],
      audio: [1, null],
    });
  });

  test('does not compare an estimate with a split that is itself an estimate', () => {
    const usage = { textTokens: 10, imageTokens: 90 };

    expect(partsOf(cell({ estimate: expected({ image: 50 }), usage, source: 'estimate' }))).toMatchObject({
      text: [10, null],
      image: [50, 90],
    });
  });

  test.each([
    ['without an estimate', answered(1)],
    ['that failed', failed('timeout')],
  ])('compares nothing of a cell %s', (_what, result) => {
    expect(compareEstimate(result)).toEqual([]);
  });
});

test('the summary has bias, mean absolute error and relative error over the whole dataset only', () => {
  const summary = createSummary(['m']);
  summary.add([cell({ estimate: expected({ text: 118 }), index: 0 })]);
  summary.add([cell({ estimate: expected({ text: 88 }), index: 1 })]);
  summary.add([{ ...cell({ estimate: expected(), index: 2 }), usage: { ...usageOf(1, 1), promptTokens: null } }]);
  const rows = summary.rows().filter(({ metric }) => metric.startsWith('estimate_prompt'));

  expect(rows.map(({ metric, n, value, missing }) => [metric, n, value, missing])).toEqual([
    ['estimate_prompt_tokens_bias', 2, 5, 1],
    ['estimate_prompt_tokens_mae', 2, 15, 1],
    ['estimate_prompt_tokens_relative_error', 2, 0.15, 1],
  ]);
});
