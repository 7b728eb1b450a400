import { expect, test } from 'vitest';
import type { RunReport } from '../../src/report.ts';
import type { Result } from '../../src/result.ts';
import { junitFiles } from '../helpers/junit-report.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';
import { answered, failed, outcome, skipped } from '../helpers/results.ts';

function reportOf(samples: readonly (readonly Result[])[], more: Partial<RunReport> = {}): RunReport {
  const base = fixtureReport();
  return {
    ...base,
    run: {
      ...base.run,
      name: 'run',
      models: [{ id: 'm', provider: 'openai', model: 'm' }],
      repeat: 1,
      dataset: { ...base.run.dataset, path: 'manifest.csv', samples: samples.length },
    },
    async *samples() {
      yield* samples;
    },
    ...more,
  };
}

test('a wrong answer is a failure, a failed call an error, unsupported content skipped', async () => {
  const cells = [
    answered(1, { index: 0 }),
    answered(0, { index: 1 }),
    outcome('refused', { index: 2 }),
    failed('content_filter', { index: 3 }),
    failed('timeout', { index: 4 }),
    skipped({ index: 5 }),
    answered(null, { index: 6, sample: { target: [] } }),
  ];

  const text = (await junitFiles(reportOf(cells.map((cell) => [cell])))).get('junit.xml') ?? '';

  expect(text).toContain('<testsuite name="m" tests="7" failures="3" errors="1" skipped="1"');
  expect(text).toContain(
    'name="s1" time="0.100" file="manifest.csv"><failure type="score 0" message="score 0: a">target: t</failure>',
  );
  expect(text).toContain('<failure type="refused"');
  expect(text).toContain('<failure type="filtered"');
  expect(text).toContain('<error type="timeout" message="timeout"/>');
  expect(text).toContain('<skipped message="unsupported: unsupported"/>');
  expect(text).toMatch(/name="s6"[^>]*\/>/);
});

test('a case has the line of its sample where the run recorded it', async () => {
  const text = (await junitFiles(reportOf([[{ ...answered(1), sampleLine: 17 }]]))).get('junit.xml');

  expect(text).toContain('file="manifest.csv" line="17"/>');
});

test('the gate has cases of its own', async () => {
  const result = {
    ...{ model: 'm', metric: 'score', level: 'error' as const, limit: { type: 'margin' as const, value: 0.02 } },
    ...{ value: 0.5, baseline: 0.7, loss: 0.2, lossAtMost: 0.3, p: 0.001, pHolm: 0.001, n: 100, dropped: 0 },
    ...{ verdict: 'regressed' as const, message: '20 points lost & <more>' },
  };
  const gate = {
    ...{ verdict: 'regressed' as const, scoreSet: null, baseline: null, notes: [] },
    ...{ worse: [], worseCounts: {}, spending: [] },
    results: [
      result,
      { ...result, level: 'warn' as const },
      { ...result, verdict: 'unjudged' as const },
      { ...result, verdict: 'pass' as const },
    ],
  };

  const text = (await junitFiles(reportOf([[answered(1)]], { gate }))).get('junit.xml');

  expect(text).toContain('<testsuite name="gate" tests="4" failures="1" errors="1" skipped="1"');
  expect(text).toContain('<failure type="regressed" message="20 points lost &amp; &lt;more&gt;"></failure>');
});

test('more than 10,000 cases are split, and each case is in one file', async () => {
  const samples = Array.from({ length: 25_000 }, (_, index) => [answered(1, { index })]);

  const files = await junitFiles(reportOf(samples));

  expect([...files.keys()]).toEqual(['junit.xml', 'junit.2.xml', 'junit.3.xml']);
  const counts = [...files.values()].map((text) => text.split('<testcase').length - 1);
  expect(counts).toEqual([10_000, 10_000, 5000]);
  const names = [...files.values()].flatMap((text) => [...text.matchAll(/ name="(s\d+)"/g)].map(([, name]) => name));
  expect(new Set(names).size).toBe(25_000);
});
