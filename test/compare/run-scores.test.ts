import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CELL_STATES } from '../../src/compare/cell-columns.ts';
import { commonSamples, inManifestOrder, pairRates, pairValues } from '../../src/compare/pairs.ts';
import { readRunScores } from '../../src/compare/run-scores.ts';
import { encodeLine } from '../../src/journal/journal-line.ts';
import type { Result } from '../../src/result.ts';
import { workspace } from '../helpers/cli.ts';
import { answered, failed, outcome, scoreOf, skipped } from '../helpers/results.ts';
import { type RunParts, writeRun } from '../helpers/run-folder.ts';

async function read(results: readonly Result[], parts: RunParts = {}, more: readonly string[] = []) {
  using folder = workspace();
  const info = writeRun(folder.directory, results, parts);
  for (const line of more) appendFileSync(join(folder.directory, 'journal.jsonl'), line);
  return await readRunScores(folder.directory, info);
}

const statesOf = (states: Uint8Array | undefined) => [...(states ?? [])].map((state) => CELL_STATES[state]);

test('has one value a sample and model, missing where there is no score', async () => {
  const { models, samples } = await read([
    answered(1, { model: 'a', index: 0 }),
    answered(0, { model: 'b', index: 0 }),
    outcome('refused', { model: 'a', index: 1 }),
    failed('timeout', { model: 'b', index: 1 }),
    failed('content_filter', { model: 'a', index: 2 }),
    skipped({ model: 'b', index: 2 }),
  ]);
  const [a, b] = models;
  expect(samples.ids).toEqual(['s0', 's1', 's2']);
  expect([...(a?.metrics.get('score') ?? [])]).toEqual([1, Number.NaN, Number.NaN]);
  expect([...(a?.metrics.get('score_all') ?? [])]).toEqual([1, 0, 0]);
  expect([...(b?.metrics.get('score_all') ?? [])]).toEqual([0, Number.NaN, Number.NaN]);
  expect(statesOf(a?.states)).toEqual(['answered', 'refused', 'filtered']);
  expect(statesOf(b?.states)).toEqual(['answered', 'failed.timeout', 'skipped.unsupported']);
});

test('averages the repeats of a sample that have a score', async () => {
  const { models } = await read(
    [
      answered(1, { repeat: 0 }),
      answered(0, { repeat: 1 }),
      answered(1, { index: 1, repeat: 0 }),
      failed('network', { index: 1, repeat: 1 }),
      failed('network', { index: 2, repeat: 0 }),
    ],
    { repeat: 2 },
  );
  expect([...(models[0]?.metrics.get('score') ?? [])]).toEqual([0.5, 1, Number.NaN]);
  expect([...(models[0]?.latencyMs ?? [])]).toEqual([100, 100, 100, Number.NaN, Number.NaN, Number.NaN]);
});

test('sums the counts of a corpus figure over the repeats', async () => {
  const wer = (errors: number, reference: number) => [scoreOf(0.5, 'wer', { errors, reference })];
  const { models } = await read(
    [answered(0.5, { scores: wer(1, 10) }), answered(0.5, { repeat: 1, scores: wer(3, 10) })],
    { repeat: 2 },
  );
  const rates = models[0]?.rates.get('score.wer.raw');
  expect([...(rates?.numerators ?? [])]).toEqual([4]);
  expect([...(rates?.denominators ?? [])]).toEqual([20]);
});

test('the newest result of a cell counts, with all of its measures', async () => {
  const newer = encodeLine(2, { type: 'result', cell: 0, data: failed('server') });
  const { models } = await read([answered(1)], {}, [newer]);
  expect(statesOf(models[0]?.states)).toEqual(['failed.server']);
  expect([...(models[0]?.metrics.get('score.exact') ?? [])]).toEqual([Number.NaN]);
  expect([...(models[0]?.latencyMs ?? [])]).toEqual([Number.NaN]);
});

test('a line with NaN is damaged: its cell is missing, and a warning says so', async () => {
  const good = encodeLine(3, { type: 'result', cell: 1, data: answered(1, { index: 1 }) });
  const { models, samples, warnings } = await read([], { info: { models: [{ id: 'm', provider: 'p', model: 'm' }] } }, [
    '{"crc":"00000000","seq":2,"type":"result","cell":0,"data":{"score":NaN}}\n',
    good,
  ]);
  expect(samples.ids).toEqual(['s1']);
  expect([...(models[0]?.metrics.get('score') ?? [])]).toEqual([1]);
  expect(warnings.join()).toContain('is damaged');
});

test('samples of one group, or of the same media, share a cluster', async () => {
  const { samples } = await read([
    answered(1, { index: 0, sample: { group: 'g' } }),
    answered(1, { index: 1 }),
    answered(1, { index: 2, sample: { group: 'g' } }),
    answered(1, { index: 3, sample: { images: ['x.png'] } }),
    answered(1, { index: 4, sample: { images: ['x.png'] } }),
  ]);
  expect([...samples.clusters]).toEqual([0, 1, 0, 3, 3]);
});

test('counts the results that reports and gates count: a shard has no more rows than samples', async () => {
  const stray = encodeLine(2, { type: 'result', cell: 1, data: answered(0, { index: 1 }) });
  const { samples, warnings } = await read([answered(1)], { info: { selection: { shard: '1/2' } } }, [stray]);
  expect(samples.ids).toEqual(['s0']);
  expect(warnings).toEqual([expect.stringContaining('lines, which are ignored')]);
});

test('slices hold the samples of a tag, a modality and a metadata value, but not all samples', async () => {
  const { samples } = await read([
    answered(1, { index: 0, sample: { tags: ['hard'], metadata: { lang: 'de', set: 'x' } } }),
    answered(1, { index: 1, sample: { images: ['x.png'], metadata: { lang: 'en', set: 'x' } } }),
  ]);
  expect(samples.slices().map(({ name, samples: own }) => [name, ...own])).toEqual([
    ['meta.lang=de', 0],
    ['meta.lang=en', 1],
    ['modality=image', 1],
    ['modality=text', 0],
    ['tag=hard', 0],
  ]);
});

test('pairs the samples of two runs by key and names those that only one has', async () => {
  const before = await read([0, 1, 2].map((index) => answered(1, { index })));
  const after = await read([
    answered(0, { index: 0, sample: { prompt: 'another' } }),
    failed('timeout', { index: 2 }),
    answered(1, { index: 3 }),
  ]);
  const common = commonSamples(before.samples, after.samples);
  expect([...common.b].map((number) => after.samples.ids[number])).toEqual(['s0', 's2']);
  expect([...common.onlyA].map((number) => before.samples.ids[number])).toEqual(['s1']);
  expect([...common.onlyB].map((number) => after.samples.ids[number])).toEqual(['s3']);
  const [a, b] = [before, after].map(({ models }) => models[0]?.metrics.get('score') ?? new Float64Array());
  const pairs = pairValues(common, a ?? new Float64Array(), b ?? new Float64Array(), after.samples.clusters);
  expect({ ...pairs, a: [...pairs.a], b: [...pairs.b], positions: [...pairs.positions] }).toEqual({
    a: [1],
    b: [0],
    positions: [0],
    clusters: undefined,
    dropped: { onlyA: 1, onlyB: 0, neither: 0 },
  });
});

test('pairs sums on the samples where both models have them', async () => {
  const wer = (errors: number) => [scoreOf(0.5, 'wer', { errors, reference: 10 })];
  const { models, samples } = await read([
    answered(0.5, { model: 'b', index: 1, scores: wer(3) }),
    answered(0.5, { model: 'a', index: 1, scores: wer(1) }),
    answered(0.5, { model: 'a', index: 0, scores: wer(2), sample: { group: 'g' } }),
    answered(0.5, { model: 'b', index: 0, scores: wer(4), sample: { group: 'g' } }),
    answered(0.5, { model: 'a', index: 2, scores: wer(9), sample: { group: 'g' } }),
  ]);
  const nothing = { numerators: new Float64Array(), denominators: new Float64Array() };
  const [b = nothing, a = nothing] = models.map(({ rates }) => rates.get('score.wer.raw'));
  const pairs = pairRates(commonSamples(samples, samples), a, b, samples.clusters);
  expect([...inManifestOrder(samples)].map((number) => samples.ids[number])).toEqual(['s0', 's1', 's2']);
  expect(pairs).toEqual({
    a: { numerators: Float64Array.of(2, 1), denominators: Float64Array.of(10, 10) },
    b: { numerators: Float64Array.of(4, 3), denominators: Float64Array.of(10, 10) },
    clusters: undefined,
  });
});
