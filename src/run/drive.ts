/** One run from its options to its tables: what the command line and the public API have in common. */

import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { Estimating } from '../estimate/estimate-context.ts';
import { createForecaster, type Forecast } from '../estimate/forecast.ts';
import { lockFolder } from '../files/lock.ts';
import type { Io } from '../io.ts';
import { journalParts, journalRunId } from '../journal/journal-parts.ts';
import { newRunId, openRunFolder, readRunInfo, runFolderName, writeRunInfo } from '../journal/run-folder.ts';
import { checkSetup, openSetup, type Prepared, type Selection } from '../plan/prepare.ts';
import type { RunInfo, RunReport } from '../report.ts';
import { foldRun } from '../summary/fold.ts';
import { troubles } from '../summary/verdict.ts';
import { writeReports } from '../summary/write-reports.ts';
import { version } from '../version.ts';
import { execute } from './assemble.ts';
import type { RunListener } from './run-listener.ts';
import { type RunKnobs, type RunOptions, readKnobs } from './settings.ts';

/** A run that could begin: everything was checked, nothing was sent or written. */
export interface ReadyRun {
  readonly prepared: Prepared;
  readonly selection: Selection;
  /** Absolute; made when the run begins. */
  readonly folder: string;
  /** What an earlier execution in the folder wrote. */
  readonly earlier: RunInfo | null;
  readonly knobs: RunKnobs;
  readonly estimates: Estimating;
  /** null = what it costs was of no interest. */
  readonly forecast: Forecast | null;
}

/** What came of a run. */
export interface PerformedRun {
  readonly report: RunReport;
  /** Names of the files written into the folder. */
  readonly files: readonly string[];
  /** Why it cannot be judged, one sentence a model; empty = it can. */
  readonly troubles: readonly string[];
}

/** @throws {InputError} with everything that is wrong with options, configuration or manifest. */
export async function readyRun(options: RunOptions, chosen: Selection, io: Io): Promise<ReadyRun> {
  const empty = (['out', 'resume', 'replay', 'trace'] as const).filter((name) => options[name] === '');
  if (empty.length > 0)
    throw new InputError(empty.map((name) => ({ message: `${name} is empty`, hint: 'name a path' })));
  const directory = chosenFolder(options, io.cwd);
  const earlier = directory === null || !existsSync(directory) ? null : readRunInfo(directory);
  if (options.resume !== undefined) requireJournal(directory);
  if (earlier?.replayOf !== undefined && options.replay === undefined)
    throw new InputError({
      file: directory ?? '',
      message: `holds a replay of ${earlier.replayOf}: what it lacks would be sent to the models`,
      hint: 'name that run with --replay again, with --replay-live to send what it lacks, or choose another --out',
    });
  const selection: Selection = { ...earlier?.selection, ...chosen };
  const sends = options.replay === undefined || options.replayLive === true;
  const setup = await openSetup(selection, io, { requireKeys: sends, requireWire: true });
  const folder = directory ?? resolve(io.cwd, 'results', runFolderName(Date.now(), setup.config.name));
  const knobs = readKnobs(options, io, setup, folder);
  const forecaster = await createForecaster(setup, {
    cwd: io.cwd,
    folder: directory,
    maxCostUsd: knobs.maxCostUsd,
    isReplay: !sends,
  });
  const prepared = await checkSetup(setup, selection, forecaster.look);
  const forecast = forecaster.result();
  return { prepared, selection, folder, earlier, knobs, estimates: forecaster.estimating, forecast };
}

/** The folder that was named; null = a new one. */
function chosenFolder(options: RunOptions, cwd: string): string | null {
  const [out, resume] = [options.out, options.resume].map((path) =>
    path === undefined ? undefined : resolve(cwd, path),
  );
  if (out !== undefined && resume !== undefined && out !== resume) {
    throw new InputError({ message: '--out and --resume name different folders', hint: 'give one of them' });
  }
  return resume ?? out ?? null;
}

function requireJournal(directory: string | null): void {
  if (directory !== null && existsSync(directory) && journalParts(directory).length > 0) return;
  throw new InputError({
    file: directory ?? '',
    message: 'holds no run to resume',
    hint: 'name a folder with a journal.jsonl, or leave --resume out',
  });
}

export interface PerformOptions {
  /** Warnings and what happens on the way, a line each. */
  readonly say: (line: string) => void;
  readonly listeners: readonly RunListener[];
}

/**
 * Runs what is missing and writes the tables. A stop (`io.stop`) ends it early, with tables of what is there.
 * @throws {InputError} for a folder that cannot be used, {IncompleteError} for answers or tables that could not be written.
 */
export async function performRun(ready: ReadyRun, { say, listeners }: PerformOptions, io: Io): Promise<PerformedRun> {
  const { folder, prepared, earlier, estimates, forecast, knobs } = ready;
  openRunFolder(folder);
  const unlock = lockFolder(folder);
  try {
    const startedAt = performance.now();
    const begun = describeRun(ready, await journalRunId(folder));
    const writesInfo: RunListener = { onStart: () => writeRunInfo(folder, begun) };
    const { index, stops } = await execute(
      {
        ...{ folder, prepared, run: begun, ...knobs, say, estimates },
        keepsEstimates: forecast !== null,
        listeners: [writesInfo, ...listeners],
      },
      io,
    );
    const wallMs = (earlier?.wallMs ?? 0) + Math.round(performance.now() - startedAt);
    const report = await foldRun(folder, index, { ...begun, finishedAt: new Date().toISOString(), wallMs });
    for (const listener of listeners) await listener.onEnd?.(report);
    writeRunInfo(folder, report.run);
    const files = await writeReports(prepared.config.reporters, report, folder);
    const reasons = [...stops, ...unasked(report, io.stop), ...troubles(report, prepared.config.maxErrorRate)];
    return { report, files, troubles: reasons };
  } finally {
    unlock();
  }
}

function unasked({ run: { counts } }: RunReport, stop: AbortSignal): readonly string[] {
  return stop.aborted && counts.missing > 0 ? [`stopped: ${counts.missing} cells have no result`] : [];
}

/** A `run.json` that is torn or gone gives no new name to what the journal holds. */
function describeRun({ folder, prepared, selection, earlier, knobs }: ReadyRun, journalled: string | null): RunInfo {
  const { config, models, repeat, sampleCount, source, datasetHash } = prepared;
  const replayOf = knobs.replay?.runId ?? earlier?.replayOf;
  const wallNow = Date.now();
  return {
    format: 'earsight-run',
    formatVersion: 1,
    runId: journalled ?? earlier?.runId ?? newRunId(runFolderName(wallNow, config.name)),
    name: config.name,
    earsightVersion: version(),
    nodeVersion: process.versions.node,
    createdAt: earlier?.createdAt ?? new Date(wallNow).toISOString(),
    finishedAt: null,
    wallMs: earlier?.wallMs ?? 0,
    dataset: { path: relative(folder, source.path), sha256: datasetHash, samples: sampleCount },
    models: models.map(({ id, provider, model }) => ({ id, provider, model })),
    repeat,
    ...(replayOf === undefined ? {} : { replayOf }),
    counts: { completed: 0, failed: 0, skipped: 0, missing: sampleCount * models.length * repeat },
    selection: { ...selection },
    config: config.raw,
  };
}
