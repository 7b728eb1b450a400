import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PilotSpread, pilotSpread } from '../../src/compare/pilot-spread.ts';
import { planComparison } from '../../src/compare/plan-comparison.ts';
import { readRunScores } from '../../src/compare/run-scores.ts';
import { findRun } from '../../src/journal/find-run.ts';
import type { Result } from '../../src/result.ts';
import { workspace } from '../helpers/cli.ts';
import { answered } from '../helpers/results.ts';
import { writeRun } from '../helpers/run-folder.ts';

async function spreadOf(results: readonly Result[], repeat = 1): Promise<PilotSpread> {
  using folder = workspace();
  writeRun(join(folder.directory, 'run'), results, { repeat });
  const { directory, info } = findRun('run', folder.directory);
  const plan = planComparison(await readRunScores(directory, info), null);
  const [pair] = plan.pairs;
  if (pair === undefined) throw new Error('the run has no pair');
  return pilotSpread(pair, plan);
}

/** Scores of each model by sample, then by repeat. */
function scores(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
  group?: (index: number) => string,
) {
  return [a, b].flatMap((samples, at) =>
    samples.flatMap((repeats, index) =>
      repeats.map((score, repeat) =>
        answered(score, {
          model: at === 0 ? 'a' : 'b',
          index,
          repeat,
          ...(group === undefined ? {} : { sample: { group: group(index) } }),
        }),
      ),
    ),
  );
}

const list = (length: number, of: (index: number) => readonly number[]) =>
  Array.from({ length }, (_, index) => of(index));

test('pass or fail: the share that only one model passes', async () => {
  const { pairs, spread } = await spreadOf(
    scores(
      list(20, () => [1]),
      list(20, (index) => [index < 5 ? 0 : 1]),
    ),
  );

  expect(pairs).toBe(20);
  expect(spread).toMatchObject({ discordant: 0.25, repeating: null, singleRepeating: null });
  expect(spread?.paired).toBeCloseTo((20 / 19) * 0.25 * 0.75);
  expect(spread?.bounds?.[0]).toBeLessThan(1);
  expect(spread?.bounds?.[1]).toBeGreaterThan(1);
});

test('the spread within samples is what repeats average out', async () => {
  // B passes one of two repeats of every sample: its variance is all noise, 0.5 by the unbiased estimate.
  const { spread } = await spreadOf(
    scores(
      list(12, (index) => [index % 3 === 0 ? 0 : 1, index % 3 === 0 ? 0 : 1]),
      list(12, () => [0, 1]),
    ),
    2,
  );

  expect(spread?.repeating).toBeCloseTo(0.5);
  expect(spread?.singleRepeating).toEqual([0, 0.5]);
  expect(spread?.discordant).toBeCloseTo(0.5);
});

test('grades have no discordant share', async () => {
  const { spread } = await spreadOf(
    scores(
      list(12, () => [0.5]),
      list(12, (index) => [index / 12]),
    ),
  );

  expect(spread?.discordant).toBeNull();
});

test('samples of one group count as less', async () => {
  const a = list(20, () => [1]);
  const b = list(20, (index) => [index < 10 ? 0 : 1]);
  const alone = await spreadOf(scores(a, b));
  const grouped = await spreadOf(scores(a, b, (index) => `g${Math.floor(index / 5)}`));

  expect(grouped.spread?.discordant).toBeNull();
  expect(grouped.spread?.paired).toBeGreaterThan(3 * (alone.spread?.paired ?? 0));
});

test('nothing is measured without differences, or in a few samples', async () => {
  expect(
    (
      await spreadOf(
        scores(
          list(12, () => [1]),
          list(12, () => [1]),
        ),
      )
    ).spread,
  ).toBeNull();
  expect(
    (
      await spreadOf(
        scores(
          list(9, () => [1]),
          list(9, () => [0]),
        ),
      )
    ).spread,
  ).toBeNull();
});
