/** Runs the shared reference values of every statistic that is built and says how many matched. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { estimateMean } from '../../src/stats/mean.ts';
import { normalQuantile } from '../../src/stats/distributions/normal-quantile.ts';
import { estimatePercentile, percentile } from '../../src/stats/percentile.ts';
import { studentTQuantile } from '../../src/stats/distributions/student-t.ts';
import { wilsonInterval } from '../../src/stats/wilson.ts';

const path = '../shared/vectors/stats-vectors.json';
const vectors = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;

function report(family: string, matched: number, total: number): void {
  process.stdout.write(`${family} ${matched}/${total}\n`);
}

/** Counts and reports the cases whose figures all lie within the tolerance of the reference. */
function countMatches(
  family: string,
  cases: readonly { readonly got: readonly (number | null)[]; readonly want: readonly (number | null)[] }[],
  tolerance: (want: number) => number,
): number {
  const near = (got: number | null | undefined, want: number | null) =>
    got === null || got === undefined || want === null ? got === want : Math.abs(got - want) <= tolerance(want);
  const matched = cases.filter(({ got, want }) => want.every((figure, index) => near(got[index], figure))).length;
  report(family, matched, cases.length);
  return matched;
}

describe.skipIf(vectors === null)('shared reference values (skipped where ../shared is absent)', () => {
  test('wilson', () => {
    const { cases, tolerance } = vectors.wilson;
    const compared = cases.map((one: { k: number; n: number; conf: number; low: number; high: number }) => ({
      got: wilsonInterval(one.k, one.n, one.conf),
      want: [one.low, one.high],
    }));
    expect(countMatches('wilson', compared, () => tolerance)).toBe(8);
  });

  test('percentile', () => {
    const { cases, tolerance } = vectors.percentile;
    const compared = cases.map((one: { data: number[]; p: number[]; type7: number[] }) => ({
      got: one.p.map((fraction) => percentile(one.data, fraction)),
      want: one.type7,
    }));
    expect(countMatches('percentile', compared, () => tolerance)).toBe(4);
  });

  test('quantile_ci_order_statistics', () => {
    const { cases } = vectors.quantile_ci_order_statistics;
    const compared = cases.map((one: { n: number; p: number; conf: number; low: number; high: number | null }) => {
      const data = Array.from({ length: one.n }, (_, index) => index + 1);
      const { ciLow, ciHigh } = estimatePercentile(data, one.p, one.conf);
      return { got: [ciLow, ciHigh], want: [one.low, one.high] };
    });
    expect(countMatches('quantile_ci_order_statistics', compared, () => 0)).toBe(4);
  });

  test('clustered_se', () => {
    const { cases, tolerance } = vectors.clustered_se;
    const error = (scores: number[], clusters: string[], degreesOfFreedom: number) => {
      const { value, ciHigh } = estimateMean(scores, clusters);
      return ((ciHigh ?? 0) - (value ?? 0)) / studentTQuantile(0.975, degreesOfFreedom);
    };
    const compared = cases.map(
      (one: { scores: number[]; clusters: number[]; mean: number; se_clt: number; se_cluster_finite_C: number }) => ({
        got: [
          estimateMean(one.scores).value,
          error(one.scores, [], one.scores.length - 1),
          error(one.scores, one.clusters.map(String), new Set(one.clusters).size - 1),
        ],
        want: [one.mean, one.se_clt, one.se_cluster_finite_C],
      }),
    );
    expect(countMatches('clustered_se', compared, () => tolerance)).toBe(1);
  });

  test('quantiles', () => {
    const { normal, t, tolerance_rel: relative } = vectors.quantiles;
    const compared = [
      ...normal.map(([p, want]: number[]) => ({ got: [normalQuantile(p ?? 0)], want: [want] })),
      ...t.map(([p, df, want]: number[]) => ({ got: [studentTQuantile(p ?? 0, df ?? 0)], want: [want] })),
    ];
    expect(countMatches('quantiles', compared, (want) => relative * Math.abs(want))).toBe(28);
  });
});
