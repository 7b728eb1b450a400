/** Folds a run's journal into a `RunReport`: one pass for the figures; reporters then read the results in table order. */

import { setImmediate } from 'node:timers/promises';
import type { ResultIndex } from '../collections/result-index.ts';
import { createSharedReader } from '../collections/shared-reader.ts';
import { decodeLine } from '../journal/journal-line.ts';
import { openJournalReader } from '../journal/journal-reader.ts';
import { readUnder } from '../journal/result-thinking.ts';
import type { ModelInfo, RunInfo, RunReport } from '../report.ts';
import type { Result } from '../result.ts';
import { createSummary } from './summary.ts';

/** Results to read before yielding to the event loop, so that signals are handled and V8 frees memory it can only free then. */
const READ_TOGETHER = 512;

/**
 * `index` holds the newest line of each cell; `warnings` are passed on. The report can be read until the folder changes.
 */
export async function foldRun(
  directory: string,
  index: ResultIndex,
  info: RunInfo,
  warnings: readonly string[],
): Promise<RunReport> {
  // Files that are written at the same time share one pass over the journal.
  const shared = createSharedReader(() => bySample(readResults(directory, index, info.models)));
  const samples = () => shared.read();
  const summary = createSummary(info.models.map(({ id }) => id));
  for await (const sample of bySample(readResults(directory, index, info.models))) summary.add(sample);
  const counts = summary.counts();
  const cells = info.dataset.samples * info.models.length * info.repeat;
  return {
    run: { ...info, counts: { ...counts, missing: cells - counts.completed - counts.failed - counts.skipped } },
    scorers: summary.scorers(),
    metadataKeys: summary.metadataKeys(),
    hasTurns: summary.hasTurns(),
    summary: summary.rows(),
    failures: summary.failures(),
    warnings,
    results: () => oneByOne(samples()),
    samples,
  };
}

/** The newest result of each cell in table order; earlier versions stored answers with the thinking in them. */
export async function* readResults(
  directory: string,
  index: ResultIndex,
  models: readonly ModelInfo[],
): AsyncGenerator<Result> {
  const settings = new Map(models.map(({ id, thinking }) => [id, thinking]));
  const reader = await openJournalReader(directory);
  let read = 0;
  try {
    for (const { offset, byteLength } of index.entries()) {
      read += 1;
      if (read % READ_TOGETHER === 0) await setImmediate();
      const entry = decodeLine(reader.line(offset, byteLength));
      if (entry.type === 'result') yield readUnder(entry.data, settings.get(entry.data.modelId));
    }
  } finally {
    reader.close();
  }
}

async function* bySample(results: AsyncIterable<Result>): AsyncGenerator<readonly Result[]> {
  let group: Result[] = [];
  for await (const result of results) {
    if (group[0] !== undefined && group[0].sampleIndex !== result.sampleIndex) {
      yield group;
      group = [];
    }
    group.push(result);
  }
  if (group.length > 0) yield group;
}

async function* oneByOne(samples: AsyncIterable<readonly Result[]>): AsyncGenerator<Result> {
  for await (const results of samples) yield* results;
}
