import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Estimate } from '../../src/stats/estimate.ts';
import { estimateMean, estimateScore } from '../../src/stats/mean.ts';
import { kindOfScores, methodsFor, ONE_MODEL, PAIRED, type ScoreKind } from '../../src/stats/methods.ts';
import { estimateRatio } from '../../src/stats/ratio.ts';

const page = readFileSync(new URL('../../docs/statistics.md', import.meta.url), 'utf8');

/** The cells of the table in a section of the page, without its head; empty = null. */
function tableOf(title: string): readonly (readonly (string | null)[])[] {
  const section = page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '') || null);
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map(cells);
}

describe('docs/statistics.md', () => {
  test('has the rows of the table for one model in their order', () => {
    expect(tableOf('One model')).toEqual(
      ONE_MODEL.map((row) => [row.kind, row.repeats, row.clusters, row.interval, row.withoutSpread]),
    );
  });

  test('has the rows of the table for two models in their order', () => {
    expect(tableOf('Two models on the same samples')).toEqual(
      PAIRED.map((row) => [
        ...[row.kind, row.repeats, row.clusters, row.interval, row.withoutSpread],
        ...[row.test, row.testOfFew],
      ]),
    );
  });

  test('explains every method that a row names', () => {
    const explained = tableOf('The methods').map(([name]) => name);
    const named = [
      ...ONE_MODEL.flatMap((row) => [row.interval, row.withoutSpread]),
      ...PAIRED.flatMap((row) => [row.interval, row.withoutSpread, row.test, row.testOfFew]),
    ];

    expect(explained).toEqual(expect.arrayContaining(named.filter((name) => name !== null)));
  });
});

const KINDS = ['binary', 'bounded', 'unbounded', 'pooled'] as const satisfies readonly ScoreKind[];

test.each(KINDS)('%s scores have exactly one row, with or without repeats and clusters', (kind) => {
  const cases = [false, true].flatMap((areAveraged) =>
    [false, true].map((areClustered) => [areAveraged, areClustered]),
  );
  for (const [areAveraged = false, areClustered = false] of cases) {
    for (const table of [ONE_MODEL, PAIRED]) {
      const fitting = table.filter(
        (row) =>
          row.kind === kind &&
          row.repeats !== (areAveraged ? 'none' : 'averaged') &&
          row.clusters === (areClustered ? 'shared' : 'none'),
      );
      expect(fitting).toEqual([methodsFor(table, kind, areAveraged, areClustered)]);
    }
  }
});

const IDS = ['x', 'x', 'y', 'z'];

test.each<[ScoreKind, boolean, boolean, Estimate]>([
  ['binary', false, false, estimateScore([1, 0, 1, 1])],
  ['binary', true, false, estimateScore([1, 0.5, 1, 0])],
  ['binary', false, true, estimateScore([1, 0, 1, 1], IDS)],
  ['bounded', false, false, estimateScore([0.2, 0.9, 0.4, 0.1])],
  ['bounded', true, true, estimateScore([0.2, 0.9, 0.4, 0.1], IDS)],
  ['unbounded', false, false, estimateMean([120, 80, 95, 400])],
  ['unbounded', true, true, estimateMean([120, 80, 95, 400], IDS)],
  ['pooled', false, false, estimateRatio([1, 2, 0, 3], [10, 8, 9, 7])],
  ['pooled', false, true, estimateRatio([1, 2, 0, 3], [10, 8, 9, 7], IDS)],
])(
  'one model: %s scores, averaged %s, clustered %s, have the interval of their row',
  (kind, averaged, clustered, got) => {
    expect(got.ciMethod).toBe(methodsFor(ONE_MODEL, kind, averaged, clustered).interval);
  },
);

test.each([
  ['no clusters', null, false],
  ['clusters', IDS, true],
])('one model: scores that are all 1, with %s, have the interval of their row', (_, clusters, areClustered) => {
  expect(estimateScore([1, 1, 1, 1], clusters).ciMethod).toBe(
    methodsFor(ONE_MODEL, 'binary', false, areClustered).withoutSpread,
  );
});

test('scores are binary when each of every model is 0 or 1', () => {
  expect(kindOfScores([0, 1, 1], Float64Array.of(0, 0))).toBe('binary');
  expect(kindOfScores([0, 1, 1], [0, 0.5])).toBe('bounded');
  expect(kindOfScores([])).toBe('binary');
});
