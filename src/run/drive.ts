/** Runs the missing cells of a checked run and writes the tables. */

import { relative } from 'node:path';
import { reportComparison } from '../compare/report-comparison.ts';
import { baseModelId } from '../config/select-models.ts';
import type { DatasetSource } from '../dataset/read-manifest.ts';
import { lockFolder } from '../files/lock.ts';
import type { Io } from '../io.ts';
import { journalRunId } from '../journal/journal-scan.ts';
import { countDone } from '../journal/resume.ts';
import { runFileMode } from '../journal/run-files.ts';
import { newRunId, openRunFolder, runFolderName, writeRunInfo } from '../journal/run-folder.ts';
import { retirementWarnings } from '../models/retirement.ts';
import { type ModelInfo, RUN_SET, type RunInfo, type RunReport } from '../report.ts';
import { duration } from '../reporters/figures-for-people.ts';
import { scoreName, scorerInfo } from '../scorers/registry.ts';
import { stressOf } from '../stress-kinds.ts';
import { codecWarnings } from '../summary/codec-warnings.ts';
import { foldRun } from '../summary/fold.ts';
import { createReportMedia } from '../summary/report-media.ts';
import { stoppingWarnings } from '../summary/stopping-text.ts';
import { troubles } from '../summary/troubles.ts';
import { writeReports } from '../summary/write-reports.ts';
import { counted } from '../text/counted.ts';
import { shownModel } from '../text/shown-model.ts';
import type { ModelConfig } from '../types.ts';
import { version } from '../version.ts';
import { noteAgain } from './again.ts';
import { type AssembledRun, assemble } from './assemble.ts';
import { judgeTroubles } from './judging/judge-troubles.ts';
import type { RunContext, RunPlan } from './open-cells.ts';
import type { ReadyRun } from './ready-run.ts';
import { moveFinished, runCells } from './run-cells.ts';
import type { RunListener } from './run-listener.ts';

/** The report of a run, and the files it wrote. */
export interface FinishedRun {
  readonly report: RunReport;
  /** Names of the files written into the folder. */
  readonly files: readonly string[];
  /** How long models waited for their rate limits, one sentence each; only waits from a second. */
  readonly waits: readonly string[];
  /** Why the run is not complete enough to be judged, one sentence for each model; empty = it is complete enough. */
  readonly troubles: readonly string[];
}

export interface DriveOptions {
  /** Receives warnings and progress, one line each. */
  readonly say: (line: string) => void;
  readonly listeners: readonly RunListener[];
  /** Asks for the missing cells; default: this process does. */
  readonly ask?: (plan: RunPlan, context: RunContext, run: RunInfo) => Promise<void>;
  /** How the reports compare the models; absent = all with the first one. */
  readonly compare?: (report: RunReport, folder: string) => Pick<RunReport, 'comparison' | 'baseline'>;
}

/**
 * Runs the missing cells and writes the tables. A stop (`io.stop`) ends it early, with tables of the results so far.
 * @throws {InputError} for a folder that cannot be used, {IncompleteError} for answers or tables that could not be written.
 */
export async function driveRun(
  ready: ReadyRun,
  { say, listeners, compare = amongModels, ask = askAll }: DriveOptions,
  io: Io,
): Promise<FinishedRun> {
  const { prepared, earlier, settings } = ready;
  const { folder } = settings;
  openRunFolder(folder, settings.shared);
  const mode = runFileMode(folder, settings.shared);
  const unlock = lockFolder(folder, mode);
  try {
    const startedAt = performance.now();
    const run = describeRun(ready, await journalRunId(folder));
    const writesInfo: RunListener = { onStart: () => writeRunInfo(folder, run, mode) };
    let answers = 0;
    const countsAnswers: RunListener = {
      onResult: ({ status }) => {
        if (status === 'completed') answers += 1;
      },
    };
    const { stored, waits, stops, judges, stopping } = await assemble(ready, { run, say }, io, (assembled) =>
      runAll({ ...assembled, again: ready.again, ask }, run, [writesInfo, countsAnswers, ...listeners]),
    );
    const wallMs = (earlier?.wallMs ?? 0) + Math.round(performance.now() - startedAt);
    const decided = stopping === null ? {} : { stopping: stopping.info() };
    const info = { ...run, ...decided, finishedAt: new Date().toISOString(), wallMs };
    const warnings = [
      ...stoppingWarnings(run),
      ...retirementWarnings(prepared.models, prepared.now()),
      ...codecWarnings(run),
    ];
    const report = await foldRun(folder, stored, info, { warnings });
    for (const line of withoutScores(report, answers)) say(line);
    for (const listener of listeners) await listener.onEnd?.(report);
    writeRunInfo(folder, report.run, mode);
    const media = createReportMedia(folder, report.run, settings.embedMedia);
    const { maxErrorRate } = prepared.config;
    const unjudged = troubles(report, maxErrorRate);
    const shown = { ...report, warnings: [...unjudged, ...warnings], media, ...compare(report, folder) };
    const files = await writeReports(prepared.config.reporters, shown, folder, mode);
    const withoutVerdict = judges === null ? [] : judgeTroubles(judges, maxErrorRate);
    const reasons = [...stops, ...stopReasons(report, io.stop), ...unjudged, ...withoutVerdict];
    return { report, files, waits, troubles: reasons };
  } finally {
    unlock();
  }
}

const askAll = (plan: RunPlan, context: RunContext) => runCells(plan, context);

function amongModels({ run }: RunReport, folder: string): Pick<RunReport, 'comparison'> {
  return { comparison: () => reportComparison(folder, run) };
}

/** A set of scores holds the answers that there were when it was made; reports show the newest set. */
function withoutScores({ scoreSets }: Pick<RunReport, 'scoreSets'>, answers: number): readonly string[] {
  if (!scoreSets || scoreSets.used === RUN_SET || answers === 0) return [];
  const count = answers === 1 ? '1 answer is' : `${answers} answers are`;
  return [
    `${count} newer than the scores "${scoreSets.used}", which are shown · earsight score RUN makes a set with all of them`,
  ];
}

/** Returns the newest result of each cell, and why models stopped or samples were left out, one sentence each. */
async function runAll(
  {
    plan,
    context,
    progress,
    changes,
    readFinished,
    again,
    ask,
  }: AssembledRun & Pick<ReadyRun, 'again'> & Required<Pick<DriveOptions, 'ask'>>,
  run: RunInfo,
  listeners: readonly RunListener[],
) {
  const stops: string[] = [];
  /** Cells that were not asked again because of the budget, by model. */
  const overBudget = new Map<string, number>();
  const moved = readFinished === null ? null : await moveFinished(plan, readFinished, context);
  noteAgain(again, moved !== null, progress, context.journal);
  const { judging } = context;
  /** Answers that are still to be judged count as open. */
  const unjudged = plan.models.map(() => 0);
  for (const row of judging?.openRows() ?? []) {
    const index = Math.floor(row / plan.repeat) % plan.models.length;
    unjudged[index] = (unjudged[index] ?? 0) + 1;
  }
  const models = plan.models.map(({ config: { id }, gate }, index) => {
    const finished = moved === null ? countDone(progress, id) : (moved.get(id) ?? 0);
    return { id, done: finished - (unjudged[index] ?? 0), load: gate.load };
  });
  const done = models.reduce((sum, model) => sum + model.done, 0);
  for (const listener of listeners) await listener.onStart?.(run, done, { models });
  const listened: RunContext = {
    ...context,
    onLeft: ({ modelId, failure }) => {
      if (failure.kind === 'budget') overBudget.set(modelId, (overBudget.get(modelId) ?? 0) + 1);
    },
    onResult: async (result) => {
      for (const listener of listeners) await listener.onResult?.(result);
    },
    onWait: (modelId, expectedMs) => {
      for (const listener of listeners) listener.onWait?.(modelId, expectedMs);
    },
    onLimit: (modelId, change) => {
      if (change.type === 'stop') stops.push(`${modelId}: ${change.reason}`);
      for (const listener of listeners) listener.onLimit?.(modelId, change);
    },
  };
  await ask(plan, listened, run);
  progress.done.clear();
  for (const [modelId, count] of overBudget)
    stops.push(
      `${modelId}: the budget was reached, ${count === 1 ? '1 cell was' : `${count} cells were`} not asked again · raise --max-cost, then run again with --resume`,
    );
  const waits = [...plan.models, ...(judging?.judges ?? [])].flatMap(({ config, gate }) =>
    waitSentence(config.id, gate.waits.waitedMs()),
  );
  const judges = judging?.totals ?? null;
  return { stored: progress, waits, stops: [...stops, ...changes.sentences()], judges, stopping: context.stopping };
}

/** Shorter sums of waits are not worth a sentence. */
const LONG_WAIT_MS = 1000;

function waitSentence(modelId: string, waitedMs: number): readonly string[] {
  return waitedMs < LONG_WAIT_MS ? [] : [`${modelId}: waited ${duration(waitedMs)} for its rate limit`];
}

function stopReasons({ run: { counts } }: RunReport, stop: AbortSignal): readonly string[] {
  return stop.aborted && counts.missing > 0
    ? [`stopped: ${counted(counts.missing, 'cell has', 'cells have')} no result`]
    : [];
}

/** As `run.json` has it: a URL without its query, or a folder from the run's folder. */
function mediaRootOf({ mediaRoot, mediaBase }: DatasetSource, folder: string): string | undefined {
  if (mediaBase !== undefined) return mediaBase.replace(/[?#].*$/s, '');
  return mediaRoot === undefined ? undefined : relative(folder, mediaRoot);
}

/** The id in the journal takes precedence: the run keeps it even when `run.json` is damaged or missing. */
function describeRun({ prepared, selection, earlier, settings, codecs }: ReadyRun, journalId: string | null): RunInfo {
  const { config, models, repeat, sampleCount, source, datasetHash, rows } = prepared;
  const replayOf = settings.replay?.runId ?? earlier?.replayOf;
  const wallNow = Date.now();
  const path = relative(settings.folder, source.path);
  const mediaRoot = mediaRootOf(source, settings.folder);
  return {
    format: 'earsight-run',
    formatVersion: 1,
    runId: journalId ?? earlier?.runId ?? newRunId(runFolderName(wallNow, config.name)),
    name: config.name,
    earsightVersion: version(),
    nodeVersion: process.versions.node,
    createdAt: earlier?.createdAt ?? new Date(wallNow).toISOString(),
    finishedAt: null,
    wallMs: earlier?.wallMs ?? 0,
    dataset: {
      path: config.filledIn?.hide(path) ?? path,
      sha256: datasetHash,
      samples: sampleCount,
      ...(rows === null ? {} : { rows: rows.digest() }),
      ...(mediaRoot === undefined ? {} : { mediaRoot: config.filledIn?.hide(mediaRoot) ?? mediaRoot }),
    },
    models: models.map((model) => ({
      ...{ id: model.id, provider: model.provider, model: shownModel(model) },
      ...(model.dialect === undefined ? {} : { dialect: model.dialect }),
      ...(model.thinking === 'inAnswer' ? { thinking: model.thinking } : {}),
      ...stressInfo(model),
    })),
    repeat,
    // Options are in the configuration, as they are written.
    scorers: config.scorers.map((scorer) => ({ name: scoreName(scorer), version: scorerInfo(scorer).version })),
    ...(replayOf === undefined ? {} : { replayOf }),
    ...(settings.stopping === null ? {} : { stopping: settings.stopping }),
    ...(earlier?.mergedFrom === undefined ? {} : { mergedFrom: earlier.mergedFrom }),
    ...codecsOf(earlier, codecs),
    counts: { completed: 0, failed: 0, skipped: 0, missing: sampleCount * models.length * repeat },
    selection: { ...selection },
    config: config.raw,
  };
}

function stressInfo({ id, media }: ModelConfig): Pick<ModelInfo, 'stress'> {
  const stress = stressOf(media);
  return stress === null ? {} : { stress: { base: baseModelId(id), kind: stress.kind, level: stress.level } };
}

/** Of all executions of the run. */
function codecsOf(earlier: RunInfo | null, codecs: readonly string[]): Pick<RunInfo, 'codecs'> {
  const all = [...new Set([...(earlier?.codecs ?? []), ...codecs])];
  return all.length === 0 ? {} : { codecs: all };
}
