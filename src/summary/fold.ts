/** Folds a run's journal into what reporters see: one pass for the figures, then results are read back in table order. */

import { setImmediate } from 'node:timers/promises';
import type { ResultIndex } from '../collections/result-index.ts';
import { createSharedReader } from '../collections/shared-reader.ts';
import { decodeLine } from '../journal/journal-line.ts';
import { openJournalReader } from '../journal/journal-reader.ts';
import type { RunInfo, RunReport } from '../report.ts';
import type { Result } from '../result.ts';
import { createSummary } from './summary.ts';

/** Results read between two turns of the event loop: signals are heard, and V8 gets to free what it can only free there. */
const READ_TOGETHER = 512;

/** `index` holds the newest line of each cell. The report stays readable until the folder changes. */
export async function foldRun(directory: string, index: ResultIndex, info: RunInfo): Promise<RunReport> {
  // Tables that are written side by side share one reading.
  const shared = createSharedReader(() => bySample(readResults(directory, index)));
  const samples = () => shared.read();
  const summary = createSummary(info.models.map(({ id }) => id));
  for await (const sample of bySample(readResults(directory, index))) summary.add(sample);
  const counts = summary.counts();
  const cells = info.dataset.samples * info.models.length * info.repeat;
  return {
    run: { ...info, counts: { ...counts, missing: cells - counts.completed - counts.failed - counts.skipped } },
    scorers: summary.scorers(),
    metadataKeys: summary.metadataKeys(),
    summary: summary.rows(),
    results: () => oneByOne(samples()),
    samples,
  };
}

async function* readResults(directory: string, index: ResultIndex): AsyncGenerator<Result> {
  const reader = await openJournalReader(directory);
  let read = 0;
  try {
    for (const { offset, byteLength } of index.entries()) {
      read += 1;
      if (read % READ_TOGETHER === 0) await setImmediate();
      const entry = decodeLine(reader.line(offset, byteLength));
      if (entry.type === 'result') yield entry.data;
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
