import { expect, test } from 'vitest';
import type { RunReport } from '../../src/report.ts';
import { json } from '../../src/reporters/json.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';

async function written(report: RunReport): Promise<string> {
  let text = '';
  for (const { content } of json.files(report)) for await (const chunk of content) text += chunk;
  return text;
}

test('report.json equals its golden file', async () => {
  await expect(await written(fixtureReport())).toMatchFileSnapshot('../golden/hostile-report.json');
});

test('holds the run and every figure unrounded', async () => {
  const report = fixtureReport();

  expect(JSON.parse(await written(report))).toEqual({
    format: 'earsight-report',
    formatVersion: 1,
    run: report.run,
    scorers: report.scorers,
    metadataKeys: report.metadataKeys,
    failures: report.failures,
    warnings: report.warnings,
    summary: report.summary,
  });
});

test('is a document even without figures', async () => {
  expect(JSON.parse(await written({ ...fixtureReport(), summary: [] }))).toMatchObject({ summary: [] });
});
