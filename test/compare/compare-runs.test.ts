import { expect, test } from 'vitest';
import { compareRuns } from '../../src/compare/compare-runs.ts';
import type { Comparison } from '../../src/compare/comparison.ts';
import { planComparison } from '../../src/compare/plan-comparison.ts';
import { readRunScores } from '../../src/compare/run-scores.ts';
import { verdictLines as linesOf } from '../../src/compare/terminal-comparison.ts';
import type { Result } from '../../src/result.ts';
import { workspace } from '../helpers/cli.ts';
import { answered, failed, outcome, type ResultParts, scoreOf, skipped } from '../helpers/results.ts';
import { type RunParts, writeRun } from '../helpers/run-folder.ts';

const verdictLines = ({ pairs, families }: Comparison) => linesOf({ verdicts: pairs, family: families.verdicts });

async function read(results: readonly Result[], parts: RunParts = {}) {
  using folder = workspace();
  return await readRunScores(folder.directory, writeRun(folder.directory, results, parts));
}

async function compare(results: readonly Result[], parts: RunParts = {}, against?: string) {
  return compareRuns(planComparison(await read(results, parts), null, against));
}

/** Results of two models on `n` samples: both pass, only A, only B, and the others neither. */
function passes(n: number, both: number, onlyA: number, onlyB: number, parts: ResultParts = {}): readonly Result[] {
  return Array.from({ length: n }, (_, index) => {
    const a = index < both + onlyA;
    const b = index < both || (index >= both + onlyA && index < both + onlyA + onlyB);
    return [answered(a ? 1 : 0, { ...parts, model: 'A', index }), answered(b ? 1 : 0, { ...parts, model: 'B', index })];
  }).flat();
}

test('gives the paired difference with its interval, its test and what the samples can see', async () => {
  const comparison = await compare(passes(200, 150, 2, 18));
  const [pair] = comparison.pairs;
  expect(pair?.verdict).toMatchObject({
    metric: 'score_all',
    kind: 'binary',
    n: 200,
    a: 0.76,
    b: 0.84,
    difference: 0.08,
    higherA: 2,
    higherB: 18,
    ciMethod: 'tango',
    testMethod: 'mcnemar',
    conclusion: 'better',
    dropped: { onlyA: 0, onlyB: 0, neither: 0, unsupported: 0, worstCase: 0.08, bestCase: 0.08 },
  });
  // Exact McNemar: 2 * (C(20,0) + C(20,1) + C(20,2)) / 2^20.
  expect(pair?.verdict.p).toBeCloseTo(422 / 2 ** 20, 12);
  // 10 % of the samples differ: 6.3 points, see docs/statistics.md.
  expect(pair?.verdict.detectable).toBeCloseTo(0.063, 3);
  expect(verdictLines(comparison)).toEqual(['B is better than A by 8.0 points (4.1 to 12.9); 200 samples can see 6.3']);
});

test('the other way round the difference, its interval and its counts change their signs', async () => {
  const [pair] = (await compare(passes(200, 150, 2, 18), {}, 'B')).pairs;
  expect(pair).toMatchObject({ a: 'B', b: 'A' });
  expect(pair?.verdict).toMatchObject({ difference: -0.08, higherA: 18, higherB: 2, conclusion: 'worse' });
  expect(pair?.verdict.ciHigh).toBeLessThan(0);
});

test('a difference that chance explains is not shown', async () => {
  const comparison = await compare(passes(50, 40, 2, 4));
  expect(comparison.pairs[0]?.verdict.conclusion).toBe('notShown');
  expect(verdictLines(comparison)[0]).toMatch(
    /^no difference between B and A is shown: \+4\.0 points \(-?\d+\.\d to \d+\.\d\); 50 samples can see \d+\.\d$/,
  );
});

test('adjusts the tests of all pairs together', async () => {
  const third = passes(40, 30, 1, 9).filter(({ modelId }) => modelId === 'B');
  const results = [...passes(40, 30, 1, 9), ...third.map((result) => ({ ...result, modelId: 'C' }))];
  const { pairs, families } = await compare(results);
  expect(families.verdicts).toBe(2);
  expect(pairs.map(({ verdict }) => verdict.pHolm)).toEqual(pairs.map(({ verdict }) => 2 * (verdict.p ?? 0)));
});

test('all ties are the same score with an interval, and p is 1', async () => {
  const comparison = await compare(passes(10, 5, 0, 0));
  expect(comparison.pairs[0]?.verdict).toMatchObject({ difference: 0, p: 1, conclusion: 'same', detectable: null });
  expect(verdictLines(comparison)).toEqual(['B and A have the same score on each of 10 samples (-27.8 to 27.8)']);
});

test('one sample shows nothing', async () => {
  const comparison = await compare(passes(1, 0, 0, 1));
  expect(comparison.pairs[0]?.verdict).toMatchObject({ n: 1, difference: 1, conclusion: 'notShown' });
  expect(verdictLines(comparison)[0]).toContain('; 1 sample cannot show one');
});

test('counts the pairs that are missing, and what they allow', async () => {
  const { pairs } = await compare([
    ...passes(10, 4, 0, 6),
    answered(1, { model: 'A', index: 10 }),
    failed('timeout', { model: 'B', index: 10 }),
    failed('timeout', { model: 'A', index: 11 }),
    answered(1, { model: 'B', index: 11 }),
    failed('server', { model: 'A', index: 12 }),
    failed('server', { model: 'B', index: 12 }),
    answered(1, { model: 'A', index: 13 }),
    skipped({ model: 'B', index: 13 }),
  ]);
  const dropped = pairs[0]?.verdict.dropped;
  expect(dropped).toMatchObject({ onlyA: 1, onlyB: 1, neither: 1, unsupported: 1 });
  expect(dropped?.worstCase).toBeCloseTo((6 - 1 + 0 - 1) / 13, 12);
  expect(dropped?.bestCase).toBeCloseTo((6 + 0 + 1 + 1) / 13, 12);
});

test('graded scores that all differ alike are better without a claim of what they can see', async () => {
  const comparison = await compare(
    Array.from({ length: 12 }, (_, index) => [
      answered(0.25, { model: 'A', index }),
      answered(0.75, { model: 'B', index }),
    ]).flat(),
  );
  expect(verdictLines(comparison)).toEqual(['B is better than A by 50.0 points']);
});

test('what graded scores can see depends on their spread, not on the difference', async () => {
  const { pairs } = await compare(
    Array.from({ length: 40 }, (_, index) => [
      answered(0.2, { model: 'A', index }),
      answered(0.6 + (index % 2) / 10, { model: 'B', index }),
    ]).flat(),
  );
  // The differences deviate by 0.05 from their mean: 2.8 * 0.0506 / sqrt(40), and a little more for Student's t.
  expect(pairs[0]?.verdict.detectable).toBeCloseTo(0.023, 3);
});

test('names the pairs that are missing with any verdict', async () => {
  const comparison = await compare([
    ...passes(10, 5, 0, 0),
    answered(1, { model: 'A', index: 10 }),
    failed('timeout', { model: 'B', index: 10 }),
  ]);
  expect(verdictLines(comparison)[0]).toMatch(/the same score on each of 10 samples .*; 1 pair is missing$/);
});

test('says when the missing pairs could reverse a verdict', async () => {
  const missing = Array.from({ length: 20 }, (_, index) => [
    answered(1, { model: 'A', index: 100 + index }),
    failed('timeout', { model: 'B', index: 100 + index }),
  ]).flat();
  const comparison = await compare([...passes(100, 80, 0, 12), ...missing]);
  expect(comparison.pairs[0]?.verdict.conclusion).toBe('better');
  expect(verdictLines(comparison)[0]).toMatch(/; 20 pairs are missing and could reverse this$/);
});

test('refused answers count 0 in the verdict and are left out of the score', async () => {
  const { pairs, models } = await compare([
    ...passes(30, 20, 2, 2),
    ...Array.from({ length: 20 }, (_, index) => [
      answered(1, { model: 'A', index: 30 + index }),
      outcome('refused', { model: 'B', index: 30 + index }),
    ]).flat(),
  ]);
  expect(pairs[0]?.verdict).toMatchObject({ n: 50, difference: -0.4, conclusion: 'worse' });
  expect(pairs[0]?.metrics.map(({ metric, n, difference }) => [metric, n, difference])).toEqual([['score', 30, 0]]);
  expect(models[1]?.cells).toEqual({ answered: 30, refused: 20 });
});

test('averages repeats first and treats groups as one observation', async () => {
  const results = passes(12, 6, 0, 6).flatMap((result) => [
    { ...result, sample: { ...result.sample, group: `g${result.sampleIndex % 6}` } },
    { ...result, repeat: 1, sample: { ...result.sample, group: `g${result.sampleIndex % 6}` } },
  ]);
  const { pairs, samples, models } = await compare(results, { repeat: 2 });
  expect(samples).toMatchObject({ common: 12, clusters: 6 });
  expect(pairs[0]?.verdict).toMatchObject({ n: 12, difference: 0.5, reason: 'no spread', testMethod: 'sign-flip' });
  expect(models[0]?.repeatAgreement?.value).toBe(1);
});

test('compares corpus figures as rates, without saying which is better', async () => {
  const wer = (errors: number) => [scoreOf(1 - errors / 10, 'wer', { errors, reference: 10 })];
  const { pairs } = await compare(
    Array.from({ length: 8 }, (_, index) => [
      answered(0.8, { model: 'A', index, scores: wer(2 + (index % 2)) }),
      answered(0.7, { model: 'B', index, scores: wer(3 + (index % 3)) }),
    ]).flat(),
  );
  const raw = pairs[0]?.metrics.find(({ metric }) => metric === 'score.wer.raw');
  expect(raw).toMatchObject({ kind: 'pooled', n: 8, conclusion: null, ciMethod: 'paired-t' });
  expect([raw?.a, raw?.b]).toEqual([0.25, 31 / 80]);
});

test('compares slices on their own samples', async () => {
  const results = passes(20, 0, 10, 10).map((result) => ({
    ...result,
    sample: { ...result.sample, metadata: { half: result.sampleIndex < 10 ? 'first' : 'second' } },
  }));
  const { pairs } = await compare(results);
  expect(pairs[0]?.slices.map(({ slice, n, difference, conclusion }) => [slice, n, difference, conclusion])).toEqual([
    ['meta.half=first', 10, -1, 'worse'],
    ['meta.half=second', 10, 1, 'better'],
  ]);
});

test('without targets the answers are compared with each other', async () => {
  const answerOf = (model: string, index: number, answer: string): Result => ({
    ...answered(null, { model, index, sample: { target: [] } }),
    status: 'completed',
    outcome: 'answered',
    finishReason: 'stop',
    answer,
  });
  const comparison = await compare([
    answerOf('A', 0, 'Yes '),
    answerOf('B', 0, 'yes'),
    answerOf('A', 1, 'yes'),
    answerOf('B', 1, 'no'),
    failed('timeout', { model: 'A', index: 2, sample: { target: [] } }),
    answerOf('B', 2, 'no'),
  ]);
  expect(comparison.samples.scored).toBe(0);
  expect(comparison.pairs[0]?.agreement.share).toMatchObject({ n: 2, value: 0.5 });
  expect(comparison.pairs[0]?.verdict).toMatchObject({ conclusion: 'nothing', dropped: { neither: 0 } });
  expect(comparison.pairs[0]?.mostDifferent[0]).toMatchObject({ sampleId: 's1', isSameAnswer: false });
});

test('the largest differences come first, then other answers', async () => {
  const { pairs } = await compare([
    answered(1, { model: 'A', index: 0 }),
    answered(1, { model: 'B', index: 0 }),
    answered(0.5, { model: 'A', index: 1 }),
    answered(0.75, { model: 'B', index: 1 }),
    answered(1, { model: 'A', index: 2 }),
    answered(0, { model: 'B', index: 2 }),
    { ...answered(1, { model: 'A', index: 3 }), answer: 'other' } as Result,
    answered(1, { model: 'B', index: 3 }),
  ]);
  expect(pairs[0]?.mostDifferent.map(({ sampleId }) => sampleId)).toEqual(['s2', 's1', 's3']);
});

test('cost per correct answer needs a price of every answer and a correct one', async () => {
  const priced = await compare(passes(4, 2, 1, 0, { costUsd: 0.01 }));
  expect(priced.models.map(({ costPerCorrectUsd }) => costPerCorrectUsd)).toEqual([0.04 / 3, 0.02]);
  const none = await compare(passes(4, 0, 1, 0, { costUsd: 0.01 }));
  expect(none.models[1]?.costPerCorrectUsd).toBeNull();
  const unpriced = await compare([...passes(4, 2, 1, 0, { costUsd: 0.01 }), answered(1, { model: 'A', index: 5 })]);
  expect(unpriced.models[0]).toMatchObject({ unpriced: 1, costPerCorrectUsd: null });
});

test('two runs: pairs the same model, names other samples, prompts and settings', async () => {
  const params = (temperature: number) => ({ settings: { m: { params: { temperature } } } });
  const before = await read(
    [0, 1, 2].map((index) => answered(1, { index })),
    {
      ...params(0),
      info: { name: 'before' },
    },
  );
  const after = await read(
    [1, 2, 3].map((index) => answered(1, { index, sample: { prompt: index === 2 ? 'another' : 'p' } })),
    { ...params(0.7), scorers: [{ name: 'includes' }], info: { name: 'after', runId: 'run-2' } },
  );
  const comparison = compareRuns(planComparison(before, after));
  expect(comparison.samples).toMatchObject({
    common: 2,
    onlyFirst: { count: 1, first: ['s0'] },
    onlySecond: { count: 1, first: ['s3'] },
  });
  expect(comparison.models.map(({ label, samples }) => [label, samples])).toEqual([
    ['m (before)', 2],
    ['m (after)', 2],
  ]);
  expect(comparison.pairs[0]?.differences.map(({ setting, a, b, samples }) => [setting, a, b, samples])).toEqual([
    ['prompt', null, null, 1],
    ['params.temperature', '0', '0.7', null],
    ['scorers', '[{"name":"exact"}]', '[{"name":"includes"}]', null],
  ]);
});

test('two runs: a model without a counterpart is named, and one can be chosen', async () => {
  const both = (models: readonly string[]) => models.flatMap((model) => [answered(1, { model })]);
  const [first, second] = [await read(both(['a', 'b'])), await read(both(['b', 'c']), { info: { runId: 'run-2' } })];
  expect(compareRuns(planComparison(first, second)).notCompared).toEqual(['a (run-1)', 'c (run-2)']);
  const chosen = compareRuns(planComparison(first, second, 'a'));
  expect(chosen.pairs.map(({ a, b }) => [a, b])).toEqual([
    ['a (run-1)', 'b (run-2)'],
    ['a (run-1)', 'c (run-2)'],
  ]);
});

test.each([
  ['an empty run', () => compare([]), /has no results/],
  ['a run of one model', () => compare([answered(1)]), /one model only.*name a second run/],
  ['an unknown model', () => compare(passes(2, 1, 0, 0), {}, 'C'), /the run has no model "C".*did you mean "A"/],
  [
    'runs of other data',
    async () => planComparison(await read([answered(1, { index: 0 })]), await read([answered(1, { index: 1 })])),
    /no sample in common/,
  ],
  [
    'runs of other models',
    async () =>
      planComparison(
        await read(['a', 'b'].map((model) => answered(1, { model }))),
        await read(['c', 'd'].map((model) => answered(1, { model }))),
      ),
    /no model is in both runs.*--against/,
  ],
])('rejects %s', async (_, act, message) => {
  await expect(act()).rejects.toThrow(message);
});
