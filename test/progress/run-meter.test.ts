import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRunMeter, type RunMeterOptions } from '../../src/progress/run-meter.ts';
import { answered, failed, outcome, skipped } from '../helpers/results.ts';

const IDLE = () => ({ inFlight: 0, waiting: 0 });

function meterOf(ids: readonly string[], options: Partial<RunMeterOptions> = {}) {
  const models = ids.map((id) => ({ id, done: 0, load: IDLE }));
  return createRunMeter({ activity: { models }, cellsPerModel: 100, startedAt: 0, ...options });
}

test('counts failures and skips by kind, the most frequent first', () => {
  const meter = meterOf(['m']);

  for (const kind of ['timeout', 'rate_limit', 'rate_limit'] as const) meter.onResult(failed(kind));
  meter.onResult(skipped({}, 'budget'));

  expect(meter.figures(0)).toMatchObject({
    done: 4,
    failures: [
      { kind: 'rate_limit', count: 2 },
      { kind: 'timeout', count: 1 },
    ],
    skips: [{ kind: 'budget', count: 1 }],
  });
});

test('rates are those of the last minute', () => {
  const meter = meterOf(['m']);
  for (let second = 1; second <= 120; second += 1) {
    // One result a second in the first minute, then one every ten seconds; 12 tokens each.
    if (second <= 60 || second % 10 === 0) meter.onResult(answered(1));
    meter.figures(1000 * second);
  }

  expect(meter.figures(120_000)).toMatchObject({ perSecond: 0.1, tokensPerMinute: 72, leftMs: 340_000 });
});

test('no rate is shown before there is a second to measure', () => {
  const meter = meterOf(['m']);
  meter.onResult(answered(1));

  expect(meter.figures(999)).toMatchObject({ perSecond: null, tokensPerMinute: null, leftMs: null });
  expect(meter.figures(1000)).toMatchObject({ perSecond: 1, tokensPerMinute: 720, leftMs: 99_000 });
});

test('the slowest model decides how long the run takes', () => {
  const meter = meterOf(['fast', 'slow']);
  for (let cell = 0; cell < 50; cell += 1) meter.onResult(answered(1, { model: 'fast' }));
  for (let cell = 0; cell < 2; cell += 1) meter.onResult(answered(1, { model: 'slow' }));

  expect(meter.figures(10_000).leftMs).toBe(490_000);
});

test('cells that are skipped say nothing of the pace', () => {
  const meter = meterOf(['m']);
  for (let cell = 0; cell < 50; cell += 1) meter.onResult(skipped());
  const before = meter.figures(1000);
  for (let cell = 0; cell < 10; cell += 1) meter.onResult(answered(1));

  expect(before).toMatchObject({ perSecond: 0, leftMs: null });
  expect(meter.figures(10_000)).toMatchObject({ perSecond: 1, leftMs: 40_000 });
});

test('a time is unknown while a model has no result, and 0 at the end', () => {
  const meter = meterOf(['m', 'n'], { cellsPerModel: 1 });
  meter.onResult(answered(1, { model: 'm' }));
  const before = meter.figures(5000).leftMs;
  meter.onResult(answered(1, { model: 'n' }));

  expect([before, meter.figures(6000).leftMs]).toEqual([null, 0]);
});

test('a model without a result in the last minute goes on at the pace it had before', () => {
  const meter = meterOf(['m']);
  for (let cell = 0; cell < 50; cell += 1) meter.onResult(answered(1));
  for (let second = 1; second <= 200; second += 1) meter.figures(1000 * second);

  expect(meter.figures(200_000)).toMatchObject({ perSecond: 0, leftMs: 200_000 });
});

test('answers of a replay or the cache use no tokens and cost nothing', () => {
  const meter = meterOf(['m']);
  const paid = answered(1, { costUsd: 0.5 });
  meter.onResult({ ...paid, replayed: true });
  if (paid.status === 'completed') meter.onResult({ ...paid, costUsd: 0, cachedLatencyMs: 80 });

  expect(meter.figures(1000)).toMatchObject({ done: 2, tokensPerMinute: 0, spentUsd: 0 });
});

test('failures that were billed are spent, too', () => {
  const meter = meterOf(['m']);
  meter.onResult(failed('timeout', { costUsd: 0.25 }));
  meter.onResult(outcome('truncated', { costUsd: 0.5 }));

  expect(meter.figures(0).spentUsd).toBe(0.75);
});

test('the expected cost begins with the estimate and follows the answers', () => {
  const meter = meterOf(['m'], { expectedUsd: new Map([['m', 0.01]]) });
  const before = meter.figures(0).expectedUsd;
  for (let cell = 0; cell < 20; cell += 1) meter.onResult(answered(1, { costUsd: 0.03 }));
  const halfway = meter.figures(0).expectedUsd;
  for (let cell = 20; cell < 100; cell += 1) meter.onResult(answered(1, { costUsd: 0.03 }));

  expect(before).toBeCloseTo(1);
  // 0.6 are spent, and the 80 cells that are left cost the mean of 20 results and 20 estimates.
  expect(halfway).toBeCloseTo(0.6 + 80 * 0.02);
  expect(meter.figures(0).expectedUsd).toBeCloseTo(3);
});

test('a cost is unknown, never 0, where no answer has a price', () => {
  const meter = meterOf(['m']);
  meter.onResult(answered(1));

  expect(meter.figures(0)).toMatchObject({ spentUsd: null, expectedUsd: null, unpriced: 1 });
});

test('a resumed run counts the cells of each model that are done, and no more than there are', () => {
  const models = [
    { id: 'm', done: 60, load: IDLE },
    { id: 'n', done: 900, load: () => ({ inFlight: 2, waiting: 5 }) },
  ];
  const meter = createRunMeter({ activity: { models }, cellsPerModel: 100, startedAt: 0 });
  meter.onResult(answered(1, { model: 'm' }));

  expect(meter.figures(0)).toMatchObject({
    done: 161,
    total: 200,
    models: [
      { id: 'm', done: 61, total: 100, inFlight: 0, waiting: 0 },
      { id: 'n', done: 100, total: 100, inFlight: 2, waiting: 5 },
    ],
  });
});

test('figures are never negative, endless or not a number', () => {
  const step = fc.record({
    ms: fc.integer({ min: 0, max: 50_000 }),
    model: fc.constantFrom('m', 'n'),
    isFailed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const meter = meterOf(['m', 'n'], { expectedUsd: new Map([['m', 0.001]]) });
      let now = 0;
      for (const { ms, model, isFailed } of steps) {
        now += ms;
        meter.onResult(isFailed ? failed('server', { model }) : answered(1, { model, costUsd: 0.002 }));
        const { perSecond, leftMs, tokensPerMinute, spentUsd, expectedUsd } = meter.figures(now);
        for (const figure of [perSecond, leftMs, tokensPerMinute, spentUsd, expectedUsd]) {
          if (figure === null) continue;
          expect(Number.isFinite(figure)).toBe(true);
          expect(figure).toBeGreaterThanOrEqual(0);
        }
      }
    }),
    { numRuns: 30 },
  );
});
