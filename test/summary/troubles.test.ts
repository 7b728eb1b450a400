import { expect, test } from 'vitest';
import type { FailureKind } from '../../src/result.ts';
import { maxErrorRateOf, troubles } from '../../src/summary/troubles.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';

/** What a run of one model says in which cells failed for these reasons. */
function said(...kinds: readonly FailureKind[]): readonly string[] {
  const { run } = fixtureReport();
  const [model] = run.models;
  if (model === undefined) throw new RangeError('the fixture has models');
  const row = (metric: string, value: number) => ({
    ...{
      model: model.id,
      slice: 'all',
      metric,
      n: value,
      value,
      ciLow: null,
      ciHigh: null,
      ciMethod: '',
      missing: 0,
    },
  });
  const summary = [row('completed', 1), row('failed', kinds.length), ...kinds.map((kind) => row(`failed.${kind}`, 1))];
  return troubles({ run: { ...run, models: [model] }, summary }, 0.05);
}

test.each<[readonly FailureKind[], string]>([
  [['server', 'network'], 'scores cannot be compared; --resume asks for them again'],
  [['bad_request'], 'scores cannot be compared; --resume with --again failed asks for them again'],
  [['server', 'bad_request'], 'scores cannot be compared; --resume with --again failed asks for them again'],
])('after failures of %j the options are those that ask again', (kinds, expected) => {
  expect(said(...kinds)).toHaveLength(1);
  expect(said(...kinds)[0]).toContain(expected);
});

test('a filtered answer is an outcome and not missing', () => {
  expect(said('content_filter')).toEqual([]);
});

test.each([
  [{ maxErrorRate: 0.5 }, 0.5],
  [{ maxErrorRate: 0 }, 0],
  [{}, 0.05],
  [null, 0.05],
])('a run with the configuration %j may lack this share of its answers: %d', (config, rate) => {
  expect(maxErrorRateOf(config)).toBe(rate);
});
