import { expect, test } from 'vitest';
import type { Result, SampleCard } from '../../src/result.ts';
import { createSummary } from '../../src/summary/summary.ts';
import { answered, failed, outcome, scoreOf, skipped, usageOf } from '../helpers/results.ts';

function summaryOf(samples: readonly (readonly Result[])[], models: readonly string[] = ['m']) {
  const summary = createSummary(models);
  for (const sample of samples) summary.add(sample);
  const rows = summary.rows();
  return {
    summary,
    rows,
    row: (metric: string, slice = 'all', model = 'm') =>
      rows.find((row) => row.metric === metric && row.slice === slice && row.model === model),
  };
}

test('an error is missing from the score and an outcome is 0 in score_all', () => {
  const { row } = summaryOf([
    [answered(1, { index: 0 })],
    [answered(0, { index: 1 })],
    [outcome('refused', { index: 2 })],
    [outcome('truncated', { index: 3 })],
    [failed('content_filter', { index: 4 })],
    [failed('timeout', { index: 5 })],
  ]);

  expect(row('score')).toMatchObject({ n: 2, value: 0.5, missing: 4 });
  expect(row('score_all')).toMatchObject({ n: 5, value: 0.2, missing: 1 });
  expect([row('completed')?.value, row('failed')?.value]).toEqual([4, 2]);
  expect([row('refused')?.value, row('truncated')?.value, row('filtered')?.value]).toEqual([1, 1, 1]);
  expect(row('failed.timeout')).toMatchObject({ n: 6, value: 1 });
});

test('an answer that a scorer cannot judge is missing from its mean and 0 in score_all', () => {
  const { row } = summaryOf([[answered(1)], [outcome('unparsed', { index: 1, scores: [scoreOf(null)] })]]);

  expect(row('score.exact')).toMatchObject({ n: 1, value: 1, missing: 1 });
  expect(row('score_all')).toMatchObject({ n: 2, value: 0.5 });
});

test('repeats are averaged within their sample before samples are averaged', () => {
  const { row } = summaryOf([
    [answered(1, { index: 0 }), answered(0, { index: 0, repeat: 1 }), answered(0, { index: 0, repeat: 2 })],
    [answered(1, { index: 1 })],
  ]);

  expect(row('score')).toMatchObject({ n: 2 });
  expect(row('score')?.value).toBeCloseTo(2 / 3, 12);
});

test('repeats with the same answers do not narrow the interval', () => {
  const cell = (index: number, repeat: number): Result => ({
    ...answered(0, { index, repeat }),
    scorers: ['wer'],
    scores: [scoreOf(0, 'wer', { errors: 1 + 3 * index, reference: 4 })],
    usage: usageOf(10 + index, 5),
  });
  const asked = (repeats: number) =>
    summaryOf([0, 1, 2].map((index) => Array.from({ length: repeats }, (_, repeat) => cell(index, repeat))));
  const [once, often] = [asked(1), asked(8)];

  for (const metric of ['score.wer.raw', 'prompt_tokens_mean', 'total_tokens_total']) {
    const [one, eight] = [once.row(metric), often.row(metric)];
    expect([eight?.ciLow, eight?.ciHigh]).toEqual([one?.ciLow, one?.ciHigh]);
    expect([one?.n, eight?.n]).toEqual(metric.startsWith('score') ? [3, 3] : [3, 24]);
    expect(eight?.value).toBe(metric.endsWith('total') ? 8 * (one?.value ?? 0) : one?.value);
  }
  expect(once.row('score.wer.raw')).toMatchObject({ value: 1, ciLow: 0 });
});

test('cells that the budget left out are missing', () => {
  const { row } = summaryOf([
    [answered(1, { costUsd: 0.5 })],
    ...[1, 2].map((index) => [skipped({ index }, 'budget')]),
  ]);

  for (const metric of ['score', 'score_all', 'score.exact', 'latency_ms_p50', 'prompt_tokens_mean', 'cost_usd_total'])
    expect(row(metric)).toMatchObject({ n: 1, missing: 2 });
  expect([row('skipped')?.value, row('skipped.budget')?.value]).toEqual([2, 2]);
  expect(row('cost_usd_total')?.value).toBe(0.5);
});

test('samples with the same clip or picture are clustered like samples of one group', () => {
  const scoresOf = (sampleOf: (name: string) => Partial<SampleCard>) =>
    summaryOf(
      [0.4, 0.42, 0.5, 0.52, 0.6, 0.62].map((value, index) => [
        answered(value, { index, sample: sampleOf(`clip ${index >> 1}`) }),
      ]),
    ).row('score');
  const grouped = scoresOf((group) => ({ group }));

  expect(scoresOf((name) => ({ audio: [`${name}.wav`] }))).toEqual(grouped);
  expect(scoresOf((name) => ({ images: [`${name}.png`] }))).toEqual(grouped);
  expect(scoresOf(() => ({}))?.ciLow).not.toBe(grouped?.ciLow);
});

test('cells with unsupported content are skipped, not missing', () => {
  const { row } = summaryOf([[answered(1, { costUsd: 1 })], [skipped({ index: 1 })]]);

  for (const metric of ['score', 'score_all', 'score.exact', 'latency_ms_p50', 'prompt_tokens_mean', 'cost_usd_total'])
    expect(row(metric)).toMatchObject({ n: 1, missing: 0 });
  expect(row('skipped')).toMatchObject({ n: 2, value: 1 });
  expect(row('skipped.unsupported')).toBeUndefined();
});

test('only answers can be unscored, including those without a scorer', () => {
  const { row } = summaryOf([
    [answered(null, { scorers: [] })],
    [answered(null, { index: 1 })],
    [answered(0, { index: 2 })],
    [failed('timeout', { index: 3 })],
  ]);

  expect(row('unscored')?.value).toBe(2);
});

test('all cells of a sample have the same weight in the mean of its tokens', () => {
  const cell = (index: number, repeat: number, tokens: number): Result => ({
    ...answered(1, { index, repeat }),
    usage: usageOf(tokens, 2),
  });
  const { row } = summaryOf([
    [cell(0, 0, 10), cell(0, 1, 10)],
    [cell(1, 0, 40), failed('timeout', { index: 1 })],
  ]);

  expect(row('prompt_tokens_mean')).toMatchObject({ n: 3, value: 20, missing: 1 });
  expect(row('total_tokens_total')).toMatchObject({ n: 3, value: 66, missing: 1 });
  expect(row('latency_ms_p50')).toMatchObject({ n: 3, missing: 1 });
});

test('lists kinds of failures in alphabetical order', () => {
  const { rows } = summaryOf([[failed('network')], [failed('timeout', { index: 1 })], [failed('auth', { index: 2 })]]);

  expect(rows.flatMap(({ metric }) => (metric.startsWith('failed.') ? [metric] : []))).toEqual([
    'failed.auth',
    'failed.network',
    'failed.timeout',
  ]);
});

test('reports the usual percentiles of latency', () => {
  const { row } = summaryOf(
    Array.from({ length: 101 }, (_, index) => [answered(1, { index, latencyMs: index === 0 ? 0.5 : index })]),
  );

  expect([50, 90, 95, 99].map((percent) => row(`latency_ms_p${percent}`)?.value)).toEqual([50, 90, 95, 99]);
});

test('a slice without figures of a model shows only its counts', () => {
  const { rows } = summaryOf([[answered(1)], [failed('timeout', { index: 1, sample: { tags: ['night'] } })]]);
  const night = rows.filter(({ slice }) => slice === 'tag=night');

  expect(night.filter(({ metric }) => /^(score|latency|prompt|cost)/.test(metric))).toEqual([]);
  expect(night.find(({ metric }) => metric === 'failed.timeout')).toMatchObject({ n: 1, value: 1 });
});

test('reports estimate errors over all cells of the dataset, not for each slice', () => {
  const estimate = { text: 6, template: 2, image: 0, audio: 0, completion: 2 };
  const cell = (index: number, repeat: number): Result => ({
    ...answered(1, { index, repeat, sample: { tags: ['night'] } }),
    ...{ estimate, tokensSource: 'endpoint', usage: usageOf(10 + 2 * index, 2) },
  });
  const { rows, row } = summaryOf([
    [cell(0, 0), cell(0, 1)],
    [cell(1, 0), cell(1, 1)],
  ]);
  const told = rows.filter(({ metric }) => metric.startsWith('estimate_'));

  expect(row('estimate_prompt_tokens_bias')).toMatchObject({ n: 4, value: -3 });
  expect(row('estimate_prompt_tokens_bias')?.ciLow).not.toBeNull();
  expect(row('estimate_prompt_tokens_mae')).toMatchObject({ n: 4, value: 3, ciLow: null, ciHigh: null });
  expect(new Set(told.map(({ slice }) => slice))).toEqual(new Set(['all']));
  expect(told).toHaveLength(new Set(told.map(({ metric }) => metric)).size);
});

test('a missing measurement has no value and is counted', () => {
  const { row } = summaryOf([[failed('network')]]);

  expect(row('score')).toMatchObject({ n: 0, value: null, missing: 1 });
  expect(row('cost_usd_total')).toMatchObject({ n: 0, value: null, missing: 1 });
  expect(row('prompt_tokens_total')).toMatchObject({ n: 0, value: null, missing: 1 });
});

test('makes slices from tags and from metadata with few values; models keep their order', () => {
  const { rows, row } = summaryOf(
    [
      [answered(1, { sample: { metadata: { kind: 'sign' }, tags: ['night'] } }), answered(0, { model: 'b' })],
      [answered(0, { index: 1, sample: { metadata: { kind: 'receipt' } } })],
    ],
    ['m', 'b'],
  );

  expect([...new Set(rows.filter(({ model }) => model === 'm').map(({ slice }) => slice))]).toEqual([
    'all',
    'meta.kind=receipt',
    'meta.kind=sign',
    'tag=night',
  ]);
  expect(row('score', 'meta.kind=sign')?.value).toBe(1);
  expect([...new Set(rows.map(({ model }) => model))]).toEqual(['m', 'b']);
});

test('a key with many values makes no slices', () => {
  const { rows, summary } = summaryOf(
    Array.from({ length: 21 }, (_, index) => [answered(1, { index, sample: { metadata: { url: `u${index}` } } })]),
  );

  expect([...new Set(rows.map(({ slice }) => slice))]).toEqual(['all']);
  expect(summary.metadataKeys()).toEqual(['url']);
});

test('corpus figures are pooled from counts, not averaged', () => {
  const wer = (errors: number, words: number) => scoreOf(1 - errors / words, 'wer', { errors, reference: words });
  const { row } = summaryOf([
    [answered(0.5, { index: 0, scores: [wer(1, 2)] })],
    [answered(1, { index: 1, scores: [wer(0, 18)] })],
    [failed('timeout', { index: 2, scorers: ['wer'] })],
    [answered(1, { index: 3 })],
  ]);

  expect(row('score.wer')?.value).toBe(0.75);
  expect(row('score.wer.raw')).toMatchObject({ n: 2, missing: 1 });
  expect(row('score.exact.raw')).toBeUndefined();
  expect(row('score.wer.raw')?.value).toBeCloseTo(0.05, 12);
});

test('samples that share a group are clustered', () => {
  const values = [1, 0, 1, 0, 0.5, 0.5];
  const { row } = summaryOf(
    values.map((value, index) => [answered(value, { index, sample: { group: `g${index % 3}` } })]),
  );

  expect(row('score')?.ciMethod).toBe('clustered-t');
});

test('a sample without scorers has no score_all, whatever the outcome', () => {
  const { row } = summaryOf([
    [outcome('refused', { scorers: [] })],
    [failed('content_filter', { index: 1, scorers: [] })],
  ]);

  expect(row('score_all')).toMatchObject({ n: 0, value: null });
});

test('a conversation scored on an earlier turn counts 0 when the model refuses the last turn', () => {
  const { row } = summaryOf([[outcome('refused', { scorers: ['exact'], sample: { target: [] } })]]);

  expect(row('score_all')).toMatchObject({ n: 1, value: 0 });
});

test('a scorer without any answer to judge is still in the tables', () => {
  const { summary, row } = summaryOf([[failed('timeout', { scorers: ['exact', 'wer'] })]]);

  expect(summary.scorers()).toEqual(['exact', 'wer']);
  expect(row('score.wer')).toMatchObject({ n: 0, value: null, missing: 1 });
});

test('samples about one picture have a row with the number of independent observations, others have none', () => {
  const rowsFor = (images: (index: number) => readonly string[]) => {
    const summary = createSummary(['m']);
    for (const index of [0, 1, 2]) summary.add([answered(index % 2, { index, sample: { images: images(index) } })]);
    return summary.rows().filter(({ metric }) => metric === 'score_clusters');
  };

  expect(rowsFor((index) => [index === 2 ? 'b.png' : 'a.png'])).toMatchObject([{ n: 3, value: 2, ciLow: null }]);
  expect(rowsFor((index) => [`${index}.png`])).toEqual([]);
});
