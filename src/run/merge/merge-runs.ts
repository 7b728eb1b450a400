/** Makes one run of several: shards of a run, or runs of the same samples and models. */

import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { joinRows } from '../../collections/row-ranges.ts';
import { isRemoteRoot } from '../../dataset/media-base.ts';
import { datasetOfRows } from '../../dataset/rows-hash.ts';
import { InputError } from '../../errors.ts';
import { openJournal } from '../../journal/journal.ts';
import { readProgress } from '../../journal/resume.ts';
import { runFileMode } from '../../journal/run-files.ts';
import { newRunId, openRunFolder, writeRunInfo } from '../../journal/run-folder.ts';
import { systemClock } from '../../limits/clock.ts';
import type { RunDefinition } from '../../plan/request-hash.ts';
import type { RunInfo, RunReport } from '../../report.ts';
import { foldRun } from '../../summary/fold.ts';
import { version } from '../../version.ts';
import { type MergeCounts, mergeJournals } from './merge-journals.ts';
import { type MergeSource, missingShards, readSources } from './merge-sources.ts';

/** A merged run, in its folder. */
export interface MergedRun extends MergeCounts {
  readonly report: RunReport;
  /** Shards that none of the runs is, as `i/n`. */
  readonly missingShards: readonly string[];
}

/**
 * Reads the runs, which stay as they are, and writes a new folder; no folder is left when that fails. `folder` is absolute.
 * @throws {InputError} for runs that are no parts of one run, and for a folder that exists.
 */
export async function mergeRuns(names: readonly string[], folder: string, cwd: string): Promise<MergedRun> {
  if (existsSync(folder))
    throw new InputError({ file: relative(cwd, folder), message: 'exists already', hint: 'choose another --out' });
  const sources = await readSources(names, cwd);
  const [first] = sources;
  const mode = runFileMode(first.directory);
  const unfinished = join(dirname(folder), `.${basename(folder)}-${process.pid}`);
  openRunFolder(unfinished, (mode & 0o077) !== 0);
  try {
    const info = describeMerged(sources, folder);
    const runIdentity = mergedDefinition(sources, info);
    const journal = await openJournal({
      directory: unfinished,
      header: { format: 'earsight-journal', version: 1, runId: info.runId, runIdentity },
      clock: systemClock,
      mode,
    });
    const counts = await mergeJournals(sources, { journal, folder: unfinished, mode }).finally(() => journal.close());
    const { progress } = await readProgress(unfinished, info.selection);
    const { run } = await foldRun(unfinished, progress, info, { warnings: [] });
    writeRunInfo(unfinished, run, mode);
    renameSync(unfinished, folder);
    const warnings = [...sources.flatMap(describeSource), ...counts.warnings];
    const report = await foldRun(folder, progress, run, { warnings });
    return { ...counts, warnings, report, missingShards: missingShards(sources) };
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** What of a run is not in the merged one, or not whole. */
function describeSource({ name, warnings, progress }: MergeSource): readonly string[] {
  const sets = progress.scoreSets.list().map(({ info }) => info.name);
  const left = `scores "${sets.join('", "')}" are left out · earsight score makes them for the merged run`;
  const lines = [...warnings.map((line) => line.replace(/^warning: /, '')), ...(sets.length === 0 ? [] : [left])];
  return lines.map((line) => `${name}: ${line}`);
}

function describeMerged(sources: readonly [MergeSource, ...MergeSource[]], folder: string): RunInfo {
  const [{ info, directory, definition }] = sources;
  const { shard, shardBy, ...selection } = info.selection;
  const { mediaRoot, path, rows } = info.dataset;
  const moved = (old: string) => (isRemoteRoot(old) ? old : relative(folder, resolve(directory, old)));
  const infos = sources.map((source) => source.info);
  const finished = infos.flatMap(({ finishedAt }) => finishedAt ?? []).sort();
  const codecs = [...new Set(infos.flatMap((one) => one.codecs ?? []))];
  // Parts that stopped early make a whole that did, but no part decided for the whole.
  const early = infos.find((one) => one.stopping !== undefined)?.stopping;
  const stopping = early && { seed: early.seed, margin: early.margin, alpha: early.alpha };
  const ids = infos.flatMap(({ runId, mergedFrom = [runId] }) => mergedFrom);
  // Selected samples are a part of the rows, of which every shard has its own.
  const partial = selection.sample !== undefined && shard !== undefined;
  const all = partial
    ? infos.reduce((sum, { dataset }) => sum + dataset.samples, 0)
    : (rows?.count ?? definition.samples);
  return {
    ...info,
    runId: newRunId(basename(folder)),
    earsightVersion: version(),
    nodeVersion: process.versions.node,
    createdAt: infos.map(({ createdAt }) => createdAt).sort()[0] ?? info.createdAt,
    finishedAt: finished.at(-1) ?? null,
    // The runs were made at the same time, or are parts of a long one: the longest is the least that it took.
    wallMs: Math.max(...infos.map(({ wallMs }) => wallMs)),
    dataset: {
      ...info.dataset,
      path: moved(path),
      ...(mediaRoot === undefined ? {} : { mediaRoot: moved(mediaRoot) }),
      sha256: rows === undefined ? definition.dataset : datasetOfRows(rows),
      samples: all,
    },
    mergedFrom: [...new Set(ids)],
    ...(codecs.length === 0 ? {} : { codecs }),
    ...(stopping === undefined ? {} : { stopping }),
    selection,
  };
}

function mergedDefinition(sources: readonly [MergeSource, ...MergeSource[]], { dataset }: RunInfo): RunDefinition {
  const [{ definition }] = sources;
  const broken = joinRows(sources.map((source) => source.definition.broken ?? ''));
  const merged = { ...definition, dataset: dataset.sha256, samples: dataset.samples };
  return broken === '' ? merged : { ...merged, broken };
}
