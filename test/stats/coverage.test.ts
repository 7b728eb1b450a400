/** How often intervals hold the truth and tests raise a false alarm, in seeded simulations; `docs/statistics.md` quotes it. */

import { expect, test } from 'vitest';
import { estimateBca } from '../../src/stats/bca.ts';
import { comparePairs } from '../../src/stats/compare-pairs.ts';
import { normalQuantile } from '../../src/stats/distributions/normal-quantile.ts';
import type { Interval } from '../../src/stats/estimate.ts';
import { estimateMean, estimateScore } from '../../src/stats/mean.ts';
import { pairedT } from '../../src/stats/paired-t.ts';
import { estimatePercentile } from '../../src/stats/percentile.ts';
import { createRandom } from '../../src/stats/random.ts';

const RUNS = 2000;
const list = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index));

/** Draws that follow from a seed. */
function createDraws(seed: number) {
  const random = createRandom(seed);
  const uniform = () => (random() + 0.5) / 2 ** 32;
  const normal = () => normalQuantile(uniform());
  return { uniform, normal, passes: (chance: number) => (uniform() < chance ? 1 : 0) };
}

/** The share of runs that an interval around a draw holds the truth; a bound that is missing excludes nothing. */
function coverage(truth: number, interval: (run: number) => Interval, runs = RUNS): number {
  const held = list(runs, interval).filter(
    ({ ciLow, ciHigh }) => (ciLow ?? truth) <= truth && truth <= (ciHigh ?? truth),
  );
  return held.length / runs;
}

test('Wilson keeps its coverage near 1 with few samples', () => {
  const { passes } = createDraws(1);

  expect(coverage(0.95, () => estimateScore(list(20, () => passes(0.95))))).toBeGreaterThan(0.9);
  expect(coverage(0.7, () => estimateScore(list(50, () => passes(0.7))))).toBeGreaterThan(0.93);
});

test('Student t keeps its coverage for graded scores', () => {
  const { uniform } = createDraws(2);
  const share = coverage(0.5, () => estimateScore(list(10, uniform)));

  expect(share).toBeGreaterThan(0.93);
  expect(share).toBeLessThan(0.97);
});

test('clustered errors keep the coverage that independent ones lose', () => {
  const { normal } = createDraws(3);
  const ids = list(120, (index) => index % 30);
  const draw = () => {
    const shared = list(30, normal);
    return list(120, (index) => (shared[index % 30] ?? 0) + 0.8 * normal());
  };

  expect(coverage(0, () => estimateMean(draw(), ids))).toBeGreaterThan(0.93);
  expect(coverage(0, () => estimateMean(draw()))).toBeLessThan(0.8);
});

test('order statistics hold the median at least as often as they promise', () => {
  const { normal } = createDraws(4);

  expect(
    coverage(1, () =>
      estimatePercentile(
        list(60, () => Math.exp(normal())),
        0.5,
      ),
    ),
  ).toBeGreaterThan(0.94);
});

test('Tango keeps its coverage when few samples differ', () => {
  const { uniform } = createDraws(5);
  const draw = () => {
    const kinds = list(60, uniform);
    const a = kinds.map((kind) => (kind < 0.06 || kind > 0.1 ? 1 : 0));
    const b = kinds.map((kind) => (kind >= 0.06 ? 1 : 0));
    return comparePairs({ kind: 'binary', a, b, seed: 1 });
  };

  expect(coverage(0.02, draw)).toBeGreaterThan(0.93);
});

test('for skewed differences of few samples paired t covers and BCa does not', () => {
  const { normal } = createDraws(6);
  const latency = () => Math.exp(0.5 * normal());
  const draw = () =>
    list(20, () => {
      const shared = latency();
      return shared * latency() - shared * latency();
    });

  expect(coverage(0, () => pairedT(draw()))).toBeGreaterThan(0.94);
  expect(coverage(0, () => estimateBca(draw(), { seed: 1, resamples: 500 }), 500)).toBeLessThan(0.92);
});

test('no test of the table raises more false alarms than it may', () => {
  const { normal, passes } = createDraws(7);
  const alarms = (make: (run: number) => { readonly test: { readonly pTwoSided: number } | null }) =>
    list(RUNS, make).filter(({ test: found }) => found !== null && found.pTwoSided < 0.05).length / RUNS;
  const clusters = list(60, (index) => index >> 1);
  const shared = () => list(30, normal);
  const clustered = (effects: readonly number[]) => list(60, (index) => (effects[index >> 1] ?? 0) + normal());
  const zeros = (n: number) => new Float64Array(n);

  const binary = () => ({ a: list(80, () => passes(0.8)), b: list(80, () => passes(0.8)) });
  expect(alarms(() => comparePairs({ kind: 'binary', ...binary(), seed: 1 }))).toBeLessThan(0.06);
  expect(alarms(() => comparePairs({ kind: 'unbounded', a: list(12, normal), b: zeros(12), seed: 1 }))).toBeLessThan(
    0.06,
  );
  expect(alarms(() => comparePairs({ kind: 'unbounded', a: list(40, normal), b: zeros(40), seed: 1 }))).toBeLessThan(
    0.065,
  );
  expect(
    alarms(() => comparePairs({ kind: 'unbounded', a: clustered(shared()), b: zeros(60), clusters, seed: 1 })),
  ).toBeLessThan(0.07);
  expect(
    alarms(() => comparePairs({ kind: 'unbounded', a: clustered(shared()), b: zeros(60), seed: 1 })),
  ).toBeGreaterThan(0.07);
});
