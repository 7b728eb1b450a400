/** Folds a run's journal into a `RunReport`: one pass for the figures; reporters then read the results in table order. */

import { setImmediate } from 'node:timers/promises';
import { createSharedReader } from '../collections/shared-reader.ts';
import { decodeLine } from '../journal/journal-line.ts';
import { openJournalReader } from '../journal/journal-reader.ts';
import { readUnder } from '../journal/result-thinking.ts';
import type { Progress } from '../journal/resume.ts';
import type { ModelInfo, RunInfo, RunReport, SentSettings } from '../report.ts';
import type { Result } from '../result.ts';
import { corpusFigure, poolOf, scoreName } from '../scorers/registry.ts';
import { isRecord } from '../text/is-record.ts';
import type { ImageDetail, ScorerConfig } from '../types.ts';
import { labelInRun, preferenceFigures } from './preferences.ts';
import { openScoreSets, scorersUsed, scoreSetsOf } from './score-sets.ts';
import { createSummary, type Pool } from './summary.ts';

/** Results, and bytes of them, that are read at once; then signals are handled, and V8 frees memory it can only free then. */
const MOST_READ_TOGETHER = 512;
const MOST_BYTES_TOGETHER = 2 ** 16;

/** Batches that files written at the same time may be apart. */
const MOST_BATCHES_KEPT = 8;
/** No file is written so slowly: one that makes the others wait longer is not being written at all. */
const MOST_WAIT_MS = 5000;

/** What the journal says of the results: the newest line of each cell, and the sets of scores. */
export type StoredResults = Pick<Progress, 'index' | 'scoreSets' | 'runDefinition' | 'preferences'>;

/** What a report says besides the figures. */
export interface FoldOptions {
  /** Passed on. */
  readonly warnings: readonly string[];
  /** Name of the set of scores to use; absent = the newest one. */
  readonly set?: string | undefined;
}

/**
 * The report can be read until the folder changes.
 * @throws {InputError} for a set that the run does not have.
 */
export async function foldRun(
  directory: string,
  stored: StoredResults,
  info: RunInfo,
  { warnings, set }: FoldOptions,
): Promise<RunReport> {
  // Files that are written at the same time share one pass over the journal.
  const read = () => bySample(readBatches(directory, stored, info, set));
  const shared = createSharedReader(read, { maxKept: MOST_BATCHES_KEPT, maxWaitMs: MOST_WAIT_MS });
  const scorers = scorersUsed(stored, set);
  const summary = createSummary(
    info.models.map(({ id }) => id),
    poolUnder(scorers),
    scorers,
  );
  for await (const samples of read()) for (const sample of samples) summary.add(sample);
  const counts = summary.counts();
  const cells = info.dataset.samples * info.models.length * info.repeat;
  const confusions = summary.confusions();
  const classes = summary.classes();
  const scoreSets = scoreSetsOf(stored, info, set, { namesOf: summary.scorersOf, unscored: summary.unscored() });
  const mediaKinds = summary.mediaKinds();
  const agreements = summary.agreements();
  const preferences = preferenceFigures(stored.preferences.list(), labelInRun(info.runId));
  return {
    run: { ...info, counts: { ...counts, missing: cells - counts.completed - counts.failed - counts.skipped } },
    scorers: summary.scorers(),
    metadataKeys: summary.metadataKeys(),
    hasTurns: summary.hasTurns(),
    ...(mediaKinds.some((kind) => kind === 'document' || kind === 'video') ? { mediaKinds } : {}),
    summary: summary.rows(),
    failures: summary.failures(),
    units: summary.units(),
    ...(confusions.length === 0 ? {} : { confusions }),
    ...(classes.length === 0 ? {} : { classes }),
    ...(agreements.length === 0 ? {} : { agreements }),
    ...(preferences.length === 0 ? {} : { preferences }),
    ...(scoreSets === null ? {} : { scoreSets }),
    sent: sentSettings(stored),
    warnings,
    results: () => oneByOne(shared.read(), (sample) => sample),
    samples: () => oneByOne(shared.read(), (sample) => [sample]),
  };
}

const IMAGE_DETAILS: readonly ImageDetail[] = ['auto', 'low', 'high', 'original'];

/** Without models whose lines are damaged, or were written by versions that did not record the URL. */
function sentSettings({ runDefinition }: Pick<StoredResults, 'runDefinition'>): ReadonlyMap<string, SentSettings> {
  const sent = new Map<string, SentSettings>();
  for (const { id, wire, params } of runDefinition?.models ?? []) {
    if (!isRecord(wire) || typeof wire['url'] !== 'string') continue;
    const { url, audioEncoding, reasoning } = wire;
    const detail = IMAGE_DETAILS.find((one) => one === wire['detail']);
    sent.set(id, {
      ...{ url, params },
      ...(audioEncoding === 'audio_url' ? { audioEncoding } : {}),
      ...(detail === undefined ? {} : { detail }),
      ...(typeof reasoning === 'boolean' ? { reasoning } : {}),
    });
  }
  return sent;
}

/** Corpus figures under the options that the scorers had; those of samples' own scorers under default options. */
function poolUnder(scorers: readonly ScorerConfig[]): Pool {
  const byName = new Map(scorers.map((scorer) => [scoreName(scorer), scorer]));
  return (name, unit, counts) => {
    const scorer = byName.get(name);
    return (scorer === undefined ? null : poolOf(scorer, counts)) ?? corpusFigure(unit, counts);
  };
}

/**
 * The newest result of each cell in table order, with the scores of a set (default: the newest one). Earlier versions stored
 * answers with the thinking in them.
 * @throws {InputError} for a set that the run does not have.
 */
export async function* readResults(
  directory: string,
  stored: Pick<StoredResults, 'index' | 'scoreSets'>,
  models: { readonly models: readonly ModelInfo[] },
  set?: string,
): AsyncGenerator<Result> {
  for await (const results of readBatches(directory, stored, models, set)) for (const result of results) yield result;
}

/** `readResults`, many at once: a promise for each of a million results would take as long as reading them. */
async function* readBatches(
  directory: string,
  { index, scoreSets }: Pick<StoredResults, 'index' | 'scoreSets'>,
  { models }: { readonly models: readonly ModelInfo[] },
  set?: string,
): AsyncGenerator<readonly Result[]> {
  const settings = new Map(models.map(({ id, thinking }) => [id, thinking]));
  const sets = await openScoreSets(directory, scoreSets, set);
  const reader = await openJournalReader(directory);
  let batch: Result[] = [];
  let bytes = 0;
  try {
    for (const { rowIndex, offset, byteLength } of index.entries()) {
      const entry = decodeLine(reader.line(offset, byteLength));
      if (entry.type !== 'result') continue;
      batch.push(sets.apply(rowIndex, readUnder(entry.data, settings.get(entry.data.modelId))));
      bytes += byteLength;
      if (batch.length < MOST_READ_TOGETHER && bytes < MOST_BYTES_TOGETHER) continue;
      yield batch;
      batch = [];
      bytes = 0;
      await setImmediate();
    }
    if (batch.length > 0) yield batch;
  } finally {
    reader.close();
    sets.close();
  }
}

/** The results of whole samples, as many samples at once as a batch completes. */
async function* bySample(batches: AsyncIterable<readonly Result[]>): AsyncGenerator<readonly (readonly Result[])[]> {
  let sample: Result[] = [];
  for await (const results of batches) {
    const samples: Result[][] = [];
    for (const result of results) {
      if (sample[0] !== undefined && sample[0].sampleIndex !== result.sampleIndex) {
        samples.push(sample);
        sample = [];
      }
      sample.push(result);
    }
    if (samples.length > 0) yield samples;
  }
  if (sample.length > 0) yield [sample];
}

async function* oneByOne<T>(
  batches: AsyncIterable<readonly (readonly Result[])[]>,
  itemsOf: (sample: readonly Result[]) => readonly T[],
): AsyncGenerator<T> {
  // Not `yield*`, which makes further promises for each item of a list.
  for await (const samples of batches) for (const sample of samples) for (const item of itemsOf(sample)) yield item;
}
