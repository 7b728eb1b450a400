/** Opens a run's journal: reports damage, checks that it belongs to the same run, and returns what is finished. */

import { datasetOfRows, isDatasetOfRows } from '../dataset/rows-hash.ts';
import { InputError, type Problem } from '../errors.ts';
import { systemClock } from '../limits/clock.ts';
import { wireSettingsOf } from '../plan/model-provider.ts';
import { createPlanner } from '../plan/planned-request.ts';
import type { PreparedSetup } from '../plan/prepare.ts';
import { modelDefinition, type RunDefinition } from '../plan/request-hash.ts';
import { type Comparison, comparable, isSameRun, storedDefinition } from '../plan/stored-definition.ts';
import type { ModelConfig, Sample } from '../types.ts';
import { type Journal, openJournal } from './journal.ts';
import { damageWarnings } from './journal-damage.ts';
import {
  type FinishedCells,
  type JournalReading,
  type Progress,
  type RowSelection,
  readFinishedCells,
  readProgress,
} from './resume.ts';
import { describeChanges } from './run-changes.ts';
import { DAMAGED_FILE } from './run-files.ts';

export interface RunToOpen {
  readonly folder: string;
  readonly runId: string;
  readonly prepared: PreparedSetup;
  /** The journal as it was read earlier; it is read again when it has changed since. */
  readonly reading: JournalReading;
  /** Continue although dataset or models changed: results of unchanged cells are kept. */
  readonly resumeChanged: boolean;
  readonly selection: RowSelection;
  /** Permissions of new files, before the umask. */
  readonly mode: number;
  readonly say: (line: string) => void;
}

export interface OpenRun {
  readonly journal: Journal;
  readonly progress: Progress;
  /** Finished cells whose row index may have changed; null = every row index is current. */
  readonly finished: FinishedCells | null;
}

/** @throws {InputError} for the journal of a different run, naming the differences; nothing is written then. */
export async function openRun({
  folder,
  runId,
  prepared,
  resumeChanged,
  selection,
  mode,
  say,
  ...run
}: RunToOpen): Promise<OpenRun> {
  const definition = definitionOfRun(prepared);
  const { progress, scan } = run.reading.isCurrent() ? run.reading : await readProgress(folder, selection);
  const { config } = prepared;
  const models = [...prepared.models, ...prepared.judges];
  const comparison = progress.runDefinition === null ? null : compareRun(progress.runDefinition, prepared);
  const isSame = comparison !== null && isSameRun(comparison);
  const stored = storedDefinition(definition, models, config.filledIn);
  for (const damage of damageWarnings(scan)) say(damage);
  if (scan.tornBytes > 0)
    say(`warning: those bytes were moved to ${DAMAGED_FILE}; cells whose results were in them run again`);
  // A damaged header does not say which run it was: each result is then matched by its own request hash.
  if (comparison !== null && !isSame && !resumeChanged)
    throw differentRun(folder, await changesOf(folder, comparison, prepared));
  const journal = await openJournal({
    directory: folder,
    header: { format: 'earsight-journal', version: 1, runId, runIdentity: stored },
    clock: systemClock,
    scan,
    mode,
    onStall: (error) => say(error === null ? 'the journal is written again' : stalled(error)),
  });
  const isFresh = progress.runDefinition === null && progress.index.size() === 0;
  if (!isFresh && !isSame) {
    progress.index.clear();
    progress.failed.clear();
    progress.scoreSets.clear();
    progress.rowsMayHaveMoved = true;
    journal.append({ type: 'rebase', data: { runIdentity: stored } });
  }
  // Reports of this execution then say what those of a later one read from the journal.
  if (!isSame) progress.runDefinition = stored;
  forgetScoresWithThinking(progress, prepared.models);
  forgetOtherVersions(progress, say);
  return { journal, progress, finished: progress.rowsMayHaveMoved ? await readFinishedCells(folder) : null };
}

/** All cells of a run are scored alike: such results are scored again, as those of a changed run are. */
function forgetScoresWithThinking(progress: Progress, models: readonly ModelConfig[]): void {
  for (const [rowIndex, modelId] of progress.scoredWithThinking) {
    if (models.find(({ id }) => id === modelId)?.thinking === 'inAnswer') continue;
    progress.index.delete(rowIndex);
    progress.rowsMayHaveMoved = true;
  }
}

/** A recorded run and the prepared one. */
export function compareRun(recorded: RunDefinition, prepared: PreparedSetup): Comparison {
  const { config, models, judges } = prepared;
  return comparable(recorded, definitionAs(recorded, prepared), [...models, ...judges], config.filledIn);
}

/** The current run as the recorded one would have it: samples that were broken then may have been repaired. */
function definitionAs({ broken, dataset }: RunDefinition, prepared: PreparedSetup): RunDefinition {
  const { recorded, rows } = prepared;
  const definition = definitionOfRun(recorded?.brokenRows === broken ? { ...prepared, ...recorded } : prepared);
  return rows === null || !isDatasetOfRows(dataset)
    ? definition
    : { ...definition, dataset: datasetOfRows(rows.digest()) };
}

/** The kept answers are scored again, so that all scores of the run are of one version. */
function forgetOtherVersions(progress: Progress, say: (line: string) => void): void {
  const { otherVersions, index } = progress;
  const rows = [...otherVersions.rows()].filter(index.has);
  if (rows.length === 0) return;
  rows.forEach(index.delete);
  progress.rowsMayHaveMoved = true;
  say(`${rows.length} kept answers are scored again without a request: ${otherVersions.sentence()}`);
}

/**
 * What differs between the run in a folder, as far as it concerns the chosen models, and the prepared one; one line each,
 * empty = the same requests are sent and scored alike.
 */
export async function changesSince(
  folder: string,
  recorded: RunDefinition,
  prepared: PreparedSetup,
): Promise<readonly string[]> {
  const { config } = prepared;
  const models = [...prepared.models, ...prepared.judges];
  const chosen = recorded.models.filter(({ id }) => models.some((model) => model.id === id));
  const now = definitionOfRun(prepared);
  const comparison = comparable({ ...recorded, models: chosen }, now, models, config.filledIn);
  return isSameRun(comparison) ? [] : changesOf(folder, comparison, prepared);
}

/** As it is before values from the environment are replaced. */
export function definitionOfRun(prepared: PreparedSetup): RunDefinition {
  const { datasetHash, sampleCount, brokenRows, repeat, config, models, judges } = prepared;
  const definitions = (list: readonly ModelConfig[]) =>
    list.map((model) => modelDefinition(model, wireSettingsOf(model)));
  return {
    dataset: datasetHash,
    samples: sampleCount,
    ...(brokenRows === '' ? {} : { broken: brokenRows }),
    repeat,
    scorers: config.scorers,
    models: definitions(models),
    ...(judges.length === 0 ? {} : { judges: definitions(judges) }),
  };
}

function changesOf(folder: string, comparison: Comparison, { models, samples }: PreparedSetup) {
  const planners = new Map(models.map((model) => [model.id, createPlanner(model)]));
  const hashOf = (sample: Sample, modelId: string) => planners.get(modelId)?.plan(sample).requestHash ?? '';
  return describeChanges(folder, comparison, { samples, hashOf });
}

function stalled(error: Error): string {
  return `warning: the journal cannot be written (${error.message}) · answers are kept in memory and no more requests are sent; free some disk space`;
}

function differentRun(folder: string, changes: readonly string[]): InputError {
  const problem: Problem = {
    file: folder,
    message: 'contains a run with other samples, models or parameters',
    hint: 'use the same configuration and options, add --resume-changed to keep the results of unchanged cells, or choose another --out',
  };
  return new InputError([problem, ...changes.map((message) => ({ message: `- ${message}` }))]);
}
