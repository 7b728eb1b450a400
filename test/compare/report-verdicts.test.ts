import { expect, test } from 'vitest';
import { verdictsOfReport } from '../../src/compare/report-verdicts.ts';
import type { Result } from '../../src/result.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';
import { answered, failed, skipped } from '../helpers/results.ts';

async function verdictsOf(samples: readonly (readonly Result[])[], ids: readonly string[]) {
  const { run } = fixtureReport();
  const models = ids.map((id) => ({ id, provider: 'openai', model: id }));
  return verdictsOfReport({
    run: { ...run, models },
    async *samples() {
      yield* samples;
    },
  });
}

test('leaves out models that support no sample of the first one, but not those that failed', async () => {
  const { verdicts, family } = await verdictsOf(
    [0, 1].map((index) => [
      answered(1, { model: 'reads', index }),
      skipped({ model: 'hears', index }),
      failed('auth', { model: 'broken', index }),
    ]),
    ['reads', 'hears', 'broken'],
  );
  expect(verdicts.map(({ b, verdict }) => [b, verdict.conclusion, verdict.dropped.onlyA])).toEqual([
    ['broken', 'nothing', 2],
  ]);
  expect(family).toBe(0);
});
