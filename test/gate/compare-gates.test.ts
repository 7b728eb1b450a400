import { expect, test } from 'vitest';
import { comparePairedGates } from '../../src/gate/compare-gates.ts';
import type { SamplePair } from '../../src/gate/pair-samples.ts';

type Figures = Readonly<Record<string, number>>;

function pairOf(index: number, baseline: Figures, run: Figures): SamplePair {
  const side = (figures: Figures) => {
    const values = new Map(Object.entries(figures).map(([name, total]) => [name, { total, count: 1 }]));
    return new Map([['m', { values, answers: [] }]]);
  };
  const common = { id: `s${index}`, key: 'k', prompt: 'p', scorers: [] };
  return {
    baseline: { ...common, models: side(baseline) },
    run: { ...common, cluster: null, line: null, models: side(run) },
  };
}

const pairs = (n: number, baseline: (index: number) => Figures, run: (index: number) => Figures) =>
  Array.from({ length: n }, (_, index) => pairOf(index, baseline(index), run(index)));

const judged = (metric: string, maxIncrease: number, list: readonly SamplePair[]) =>
  comparePairedGates(['m'], [{ metric, level: 'error', maxIncrease }], {
    pairs: list,
    clusterOf: () => null,
    repeat: 1,
  })[0];

test.each([
  [1.5, 0.1, 'missed', '50.0 % more'],
  [1.05, 0.1, 'pass', '5.0 % more'],
  [1, 0, 'pass', 'unchanged'],
  [0.5, 0, 'pass', '50.0 % less'],
])('a price that is %d times as high, with %d allowed, is %s', (factor, maxIncrease, verdict, words) => {
  const list = pairs(
    40,
    (index) => ({ cost_usd: 1e-7 * (1 + index) }),
    (index) => ({ cost_usd: factor * 1e-7 * (1 + index) }),
  );

  const result = judged('costPerSample', maxIncrease, list);

  expect(result?.verdict).toBe(verdict);
  expect(result?.message).toContain(words);
  expect(result?.loss).toBeCloseTo(factor - 1, 6);
});

test('latencies are compared by their medians and logarithms: a few slow answers are no alarm', () => {
  const ms = (index: number) => 100 + 3 * ((index * 37) % 50);
  const slowTail = judged(
    'latencyP50',
    0.25,
    pairs(
      200,
      (index) => ({ latency_ms: ms(index) }),
      (index) => ({ latency_ms: index % 40 === 0 ? 60_000 : ms(index + 7) }),
    ),
  );
  const slower = judged(
    'latencyP50',
    0.25,
    pairs(
      200,
      (index) => ({ latency_ms: ms(index) }),
      (index) => ({ latency_ms: 1.6 * ms(index + 7) }),
    ),
  );

  expect(slowTail?.verdict).not.toBe('missed');
  expect(slower?.verdict).toBe('missed');
});

test.each([
  [{ cost_usd: 1 }, {}, 'unjudged', 'm: costPerSample was not measured in this run'],
  [{}, { cost_usd: 1 }, 'unjudged', 'm: costPerSample was not measured in the baseline'],
  [{ cost_usd: 0 }, { cost_usd: 1 }, 'unjudged', 'm: costPerSample was 0 in the baseline'],
  [{ cost_usd: 0 }, { cost_usd: 0 }, 'pass', 'unchanged'],
])('figures %j and %j are %s', (baseline, run, verdict, message) => {
  const result = judged(
    'costPerSample',
    0.1,
    pairs(
      20,
      () => baseline,
      () => run,
    ),
  );

  expect(result?.verdict).toBe(verdict);
  expect(result?.message).toContain(message);
});

test('no common sample is inconclusive', () => {
  expect(judged('costPerSample', 0.1, [])).toMatchObject({ verdict: 'inconclusive', n: 0, value: null });
});
