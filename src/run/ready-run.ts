/** From options to a run that is ready to start: everything is checked, nothing has been sent or written. */

import { relative } from 'node:path';
import type { HashSet64 } from '../collections/hash-set-64.ts';
import { InputError } from '../errors.ts';
import type { EstimateSources } from '../estimate/estimate-sources.ts';
import { createForecaster, type Forecast } from '../estimate/forecast.ts';
import type { Io } from '../io.ts';
import { pendingCells } from '../journal/batches/batch-files.ts';
import { readBatchParts } from '../journal/batches/batch-log.ts';
import { requireNoPending } from '../journal/batches/pending.ts';
import { findRun } from '../journal/find-run.ts';
import type { AgainNote } from '../journal/journal-line.ts';
import { journalParts } from '../journal/journal-parts.ts';
import { readDefinitions, withRecordedRoutes } from '../journal/recorded-routes.ts';
import { openReplay, type Replay } from '../journal/replay.ts';
import { addAgain, type JournalReading, type Progress, readProgress } from '../journal/resume.ts';
import { checkRunFolder, readRunInfo } from '../journal/run-folder.ts';
import { createBatchObstacle } from '../plan/batch-obstacle.ts';
import type { PlannedSample } from '../plan/inspect.ts';
import { checkedWithPackages, createPackageCheck } from '../plan/model-packages.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import { checkSetup, openSetup, type PreparedSetup, type Setup } from '../plan/prepare.ts';
import { type RecordedRun, withRecorded } from '../plan/recorded-selection.ts';
import type { RunInfo, Selection } from '../report.ts';
import type { ModelConfig } from '../types.ts';
import { chooseAgain } from './again.ts';
import { judgeBudgetProblems } from './judging/open-judges.ts';
import { openJudgeSetup } from './judging/ready-judges.ts';
import { checkSettings, chosenFolder, type RunOptions, type RunSettings, sendsRequests } from './settings.ts';
import { judgeProblems } from './stopping/choose-stopping.ts';

export interface ReadyRun {
  readonly prepared: PreparedSetup;
  readonly selection: Selection;
  readonly settings: RunSettings;
  /** The `run.json` of an earlier execution in the folder; null = none. */
  readonly earlier: RunInfo | null;
  /** The journal in the folder. */
  readonly reading: JournalReading;
  /** Finished cells that are asked once more, as `--again` chose them. */
  readonly again: readonly AgainNote[];
  readonly estimates: EstimateSources;
  /** null = not needed: there is no price, budget or token limit. */
  readonly forecast: Forecast | null;
  /** Packages that change media before they are sent, with their versions. */
  readonly codecs: readonly string[];
}

/** @throws {InputError} with all problems of options, configuration or manifest. */
export async function readyRun(options: RunOptions, chosen: Selection, io: Io): Promise<ReadyRun> {
  const directory = chosenFolder(options, io.cwd);
  if (directory !== null && options.resume !== undefined) requireJournal(directory);
  if (directory !== null) checkRunFolder(directory);
  const earlier = directory === null ? null : readRunInfo(directory);
  if (directory !== null) requireReplay(directory, earlier, options);
  if (directory !== null && options.batch === undefined) requireNoPending(directory, shownFolder(directory, io));
  const sends = sendsRequests(options);
  const recorded =
    earlier?.selection ?? (options.replay === undefined ? {} : findRun(options.replay, io.cwd).info.selection);
  const selection = withCut(
    directory === null
      ? chosen
      : await withRecorded(chosen, earlier?.selection ?? {}, recordedIn(directory, sends, io)),
    recorded,
  );
  const opened = await openSetup(selection, io, {
    requireKeys: sends && options.queue === undefined,
    unlessQueued: true,
    requireWire: true,
    asksJudges: true,
    requirePromptUse: earlier === null && options.replay === undefined,
    ...(earlier?.mergedFrom === undefined ? {} : { hashRows: true }),
  });
  const settings = checkSettings(options, io, opened, earlier);
  const reading = await readProgress(settings.folder, selection);
  const setup = { ...opened, models: await keepRoutes(opened.models, reading.progress, settings) };
  const { progress } = reading;
  const choice = await chooseAgain(settings.folder, progress, options.again);
  for (const note of choice.notes) addAgain(progress, note);
  const { runDefinition } = progress;
  const { maxCostUsd } = settings;
  // Of a changed run it is not known yet which rows are judged.
  const isJudged = (rowIndex: number) => !settings.resumeChanged && !progress.unjudged.has(rowIndex);
  const replayed = await openReplayed(setup, settings);
  const hasReply = (key: string) => progress.judgements.has(key) || (replayed?.judgement(key) ?? null) !== null;
  const pending = options.batch === true ? pendingCells(settings.folder, readBatchParts(settings.folder)) : null;
  const known = { ...withPending(progress, pending), isJudged, hasReply, isReplay: !sends, replayed };
  const obstacle = options.batch === true ? createBatchObstacle() : null;
  const byBatch = obstacle === null ? {} : { byBatch: (request: PlannedRequest) => obstacle(request) === null };
  const forecaster = createForecaster(setup, { cwd: io.cwd, maxCostUsd, ...known, ...byBatch });
  const packages = createPackageCheck(sends && settings.queue === null ? setup.models : [], setup.config);
  const look = async (sample: PlannedSample) => {
    choice.see(sample);
    packages.look(sample.sample);
    await forecaster.addSample?.(sample);
  };
  const check = checkSetup(setup, selection, look, runDefinition?.broken);
  const checked = await checkedWithPackages(check, packages).finally(() => replayed?.close());
  choice.check();
  const unscored = judgeProblems(settings.stopping, checked.judges);
  if (unscored.length > 0) throw new InputError(unscored);
  const judges = await openedJudges(checked, selection, settings, io);
  const prepared = { ...checked, judges };
  const { sources: estimates } = forecaster;
  const forecast = forecaster.result();
  const codecs = packages.codecs(io.versionOf);
  return { prepared, selection, settings, earlier, reading, again: choice.notes, estimates, forecast, codecs };
}

function shownFolder(directory: string, { cwd }: Pick<Io, 'cwd'>): string {
  return relative(cwd, directory) || '.';
}

/** Cells that wait in a batch are not asked, as those that are finished. */
function withPending(
  { done, again }: Progress,
  pending: HashSet64 | null,
): Pick<Parameters<typeof createForecaster>[1], 'done' | 'again'> {
  if (pending === null) return { done, again };
  const isWaiting = { has: (key: string) => done.has(key) || pending.has(key), size: done.size + pending.size };
  return { done: isWaiting, again };
}

/** A new run records how its shard is cut: as the one that it replays. */
function withCut(selection: Selection, { shard, shardBy = 'row' }: Selection): Selection {
  return selection.shard === undefined ? selection : { shardBy: shard === undefined ? 'id' : shardBy, ...selection };
}

function recordedIn(directory: string, sends: boolean, { cwd }: Io): RecordedRun {
  const options = { config: 'as the argument of run', dataset: 'with --dataset' };
  return { directory, cwd, options: sends ? { ...options, endpoint: 'with --endpoint' } : options };
}

/** For the forecast: only judges may be asked in a replay, and the replayed run has most of their replies. */
async function openReplayed({ config }: Setup, { replay }: RunSettings): Promise<Replay | undefined> {
  return replay === null || replay.live || config.judges.length === 0 ? undefined : openReplay(replay.folder);
}

/**
 * The judges that are asked, with their keys. A replay without `--replay-live` does not need the keys: the replayed run may
 * have all replies. @throws {InputError} for keys that are not there, and for judges without a price under a budget.
 */
async function openedJudges(
  { judges }: PreparedSetup,
  selection: Selection,
  { replay, maxCostUsd }: RunSettings,
  io: Io,
): Promise<readonly ModelConfig[]> {
  if (judges.length === 0) return judges;
  const setup = await openJudgeSetup(judges, selection, io, replay === null || replay.live);
  const problems = judgeBudgetProblems(maxCostUsd, setup);
  if (problems.length > 0) throw new InputError(problems);
  return setup.models;
}

/** A resumed or replayed run calls the URLs that its journal recorded. */
async function keepRoutes(
  models: readonly ModelConfig[],
  { runDefinition }: Progress,
  { replay }: RunSettings,
): Promise<readonly ModelConfig[]> {
  const replayed = replay === null ? [] : await readDefinitions(replay.folder);
  return withRecordedRoutes(models, runDefinition === null ? replayed : [runDefinition]);
}

function requireJournal(directory: string): void {
  if (journalParts(directory).length > 0) return;
  throw new InputError({
    file: directory,
    message: 'contains no run to resume',
    hint: 'name a folder with a journal.jsonl, or omit --resume',
  });
}

/** Without `--replay`, a resumed replay would send the requests that have no answer. */
function requireReplay(directory: string, earlier: RunInfo | null, { replay }: RunOptions): void {
  if (earlier?.replayOf === undefined || replay !== undefined) return;
  throw new InputError({
    file: directory,
    message: `contains a replay of ${earlier.replayOf}: without --replay, requests without an answer would be sent`,
    hint: 'repeat --replay with that run, add --replay-live to send those requests, or choose another --out',
  });
}
