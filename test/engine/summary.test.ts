import { expect, test } from 'vitest';
import { createSummary } from '../../src/engine/summary.ts';
import type { Result, SampleCard } from '../../src/result.ts';
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

test('repeats are averaged within their sample before samples are averaged', () => {
  const { row } = summaryOf([
    [answered(1, { index: 0 }), answered(0, { index: 0, repeat: 1 }), answered(0, { index: 0, repeat: 2 })],
    [answered(1, { index: 1 })],
  ]);

  expect(row('score')).toMatchObject({ n: 2 });
  expect(row('score')?.value).toBeCloseTo(2 / 3, 12);
});

test('asking again what is answered the same narrows no interval', () => {
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

test('what the budget left out is missing', () => {
  const { row } = summaryOf([
    [answered(1, { costUsd: 0.5 })],
    ...[1, 2].map((index) => [skipped({ index }, 'budget')]),
  ]);

  for (const metric of ['score', 'score_all', 'score.exact', 'latency_ms_p50', 'prompt_tokens_mean', 'cost_usd_total'])
    expect(row(metric)).toMatchObject({ n: 1, missing: 2 });
  expect([row('skipped')?.value, row('skipped.budget')?.value]).toEqual([2, 2]);
});

test('samples about the same clip or picture are as little independent as those of one group', () => {
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

test('what a model cannot take is skipped, not missing', () => {
  const { row } = summaryOf([[answered(1)], [skipped({ index: 1 })]]);

  expect(row('score')).toMatchObject({ n: 1, missing: 0 });
  expect(row('skipped')?.value).toBe(1);
  expect(row('latency_ms_p50')).toMatchObject({ n: 1, missing: 0 });
});

test('a missing measurement has no value and is counted', () => {
  const { row } = summaryOf([[failed('network')]]);

  expect(row('score')).toMatchObject({ n: 0, value: null, missing: 1 });
  expect(row('cost_usd_total')).toMatchObject({ n: 0, value: null, missing: 1 });
  expect(row('prompt_tokens_total')).toMatchObject({ n: 0, value: null, missing: 1 });
});

test('slices come from few-valued metadata and tags, and models keep their order', () => {
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

test('a key with many values names samples and makes no slices', () => {
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
  ]);

  expect(row('score.wer')?.value).toBe(0.75);
  expect(row('score.wer.raw')?.value).toBeCloseTo(0.05, 12);
});

test('samples that share a group are clustered', () => {
  const values = [1, 0, 1, 0, 0.5, 0.5];
  const { row } = summaryOf(
    values.map((value, index) => [answered(value, { index, sample: { group: `g${index % 3}` } })]),
  );

  expect(row('score')?.ciMethod).toBe('clustered-t');
});

test('what nobody was to judge has no score_all, whatever the model did', () => {
  const { row } = summaryOf([
    [outcome('refused', { scorers: [] })],
    [failed('content_filter', { index: 1, scorers: [] })],
  ]);

  expect(row('score_all')).toMatchObject({ n: 0, value: null });
});

test('a conversation that is judged by an earlier turn counts 0 when the model declines the last', () => {
  const { row } = summaryOf([[outcome('refused', { scorers: ['exact'], sample: { target: [] } })]]);

  expect(row('score_all')).toMatchObject({ n: 1, value: 0 });
});

test('a scorer that had no answer to judge stands in the tables all the same', () => {
  const { summary, row } = summaryOf([[failed('timeout', { scorers: ['exact', 'wer'] })]]);

  expect(summary.scorers()).toEqual(['exact', 'wer']);
  expect(row('score.wer')).toMatchObject({ n: 0, value: null, missing: 1 });
});
