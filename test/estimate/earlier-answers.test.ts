import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleKey } from '../../src/dataset/content-hash.ts';
import { findEarlierAnswers } from '../../src/estimate/earlier-answers.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { writeRunInfo } from '../../src/journal/run-folder.ts';
import { systemClock } from '../../src/limits/clock.ts';
import type { Result } from '../../src/result.ts';
import type { ModelConfig, Sample } from '../../src/types.ts';
import { answered, failed, usageOf } from '../helpers/results.ts';

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'earlier-'));
});
afterEach(() => rmSync(results, { recursive: true, force: true }));

const FIRST: Sample = {
  ...{ id: 's0', index: 0, line: 1, messages: [], turns: [], target: [], group: null, tags: [], metadata: {} },
};
const modelOf = (id: string): ModelConfig => ({
  ...{ id, provider: 'test', model: `deployment ${id}`, modalities: ['text'], params: {} },
  limits: { concurrency: 1, timeoutMs: 1000, retries: 0 },
});
const find = (...ids: readonly string[]) =>
  findEarlierAnswers(results, join(results, 'manifest.csv'), FIRST, ids.map(modelOf));

/** An answer with this number of tokens. */
function answerOf(completionTokens: number, model = 'm'): Result {
  return { ...answered(1, { model }), sampleKey: sampleKey(FIRST), usage: usageOf(10, completionTokens) };
}

/** Writes a run that started on this day of the month, with these results. */
async function writeRun(
  day: number,
  journalled: readonly Result[],
  ids: readonly string[] = ['m'],
  deployment = 'deployment',
): Promise<void> {
  const directory = join(results, `run-${day}`);
  mkdirSync(directory);
  writeRunInfo(directory, {
    ...{
      format: 'earsight-run',
      formatVersion: 1,
      runId: `r${day}`,
      name: 'n',
      earsightVersion: '0',
      nodeVersion: '0',
    },
    createdAt: new Date(Date.UTC(2026, 0, day)).toISOString(),
    ...{ finishedAt: null, wallMs: 0, repeat: 1, selection: {}, config: {} },
    dataset: { path: '../manifest.csv', sha256: '', samples: 1 },
    models: ids.map((id) => ({ id, provider: 'test', model: `${deployment} ${id}` })),
    counts: { completed: 0, failed: 0, skipped: 0, missing: 0 },
  });
  const runIdentity = { dataset: 'd', samples: 1, repeat: 1, scorers: [], models: [] };
  const header = { format: 'earsight-journal', version: 1, runId: `r${day}`, runIdentity } as const;
  const journal = await openJournal({ directory, header, clock: systemClock });
  for (const [cell, data] of journalled.entries()) journal.append({ type: 'result', cell, data });
  await journal.close();
}

test('a file beside the run folders is no run', async () => {
  await writeRun(1, [answerOf(100)]);
  writeFileSync(join(results, 'README.md'), 'These folders are runs.');

  expect((await find('m')).get('m')).toMatchObject({ answers: 1, mean: 100 });
});

test('returns the mean and the bounds of the answers; ignores failures and divides a conversation by its answers', async () => {
  const failure = { ...failed('content_filter', { index: 3 }), usage: usageOf(10, 500) };
  const turns = { ...answerOf(40), earlierAnswers: ['one'] };
  await writeRun(1, [answerOf(30), answerOf(10), turns, failure]);

  expect(await find('m')).toEqual(
    new Map([['m', { run: 'run-1', answers: 3, mean: 20, min: 10, max: 30, reasons: false }]]),
  );
});

test('uses the newest run, and for each model the newest run that asked it', async () => {
  await writeRun(1, [answerOf(10), answerOf(11, 'other')], ['m', 'other']);
  await writeRun(3, [answerOf(30)]);
  await writeRun(2, [answerOf(20)]);

  const found = await find('m', 'other');

  expect([found.get('m')?.run, found.get('other')?.run]).toEqual(['run-3', 'run-1']);
});

test('reads at most five journals', async () => {
  for (const day of [1, 2]) await writeRun(day, [answerOf(10, `model ${day}`)], [`model ${day}`]);
  for (const day of [3, 4, 5, 6]) await writeRun(day, [answerOf(10)]);

  expect([...(await find('model 1', 'model 2')).keys()]).toEqual(['model 2']);
});

test('ignores a run without the first sample, or with another deployment under the same id', async () => {
  await writeRun(1, [{ ...answerOf(10), sampleKey: 'another' }]);
  await writeRun(2, [answerOf(10)], ['m'], 'another');

  expect(await find('m')).toEqual(new Map());
});
