/** Opens a run's journal: what an interrupted run left, whether it is the same run, and what damage was found. */

import { InputError, type Problem } from '../errors.ts';
import { systemClock } from '../limits/clock.ts';
import { wireSettingsOf } from '../plan/model-provider.ts';
import { createPlanner } from '../plan/planned-request.ts';
import type { PreparedSetup } from '../plan/prepare.ts';
import { modelDefinition, type RunDefinition } from '../plan/request-hash.ts';
import type { Sample } from '../types.ts';
import { DAMAGED_FILE, type Journal, openJournal } from './journal.ts';
import { damageOf } from './journal-damage.ts';
import { type FinishedCells, type JournalReading, type Progress, readFinishedCells, readProgress } from './resume.ts';
import { describeChanges } from './run-changes.ts';

export interface RunToOpen {
  readonly folder: string;
  readonly runId: string;
  readonly prepared: PreparedSetup;
  /** What was read of the journal before; read again when it has changed since. */
  readonly reading: JournalReading;
  /** Go on although manifest or models changed: what still fits is kept. */
  readonly resumeChanged: boolean;
  readonly say: (line: string) => void;
}

export interface OpenRun {
  readonly journal: Journal;
  readonly progress: Progress;
  /** Finished cells whose row index may have changed; null = every row index is current. */
  readonly finished: FinishedCells | null;
}

/** @throws {InputError} for a journal of another run, with what differs; nothing is written then. */
export async function openRun({ folder, runId, prepared, resumeChanged, say, ...run }: RunToOpen): Promise<OpenRun> {
  const definition = definitionOfRun(prepared);
  const { progress, scan } = run.reading.isCurrent() ? run.reading : await readProgress(folder);
  const isSame = JSON.stringify(progress.runDefinition) === JSON.stringify(definition);
  for (const damage of damageOf(scan)) say(damage);
  if (scan.tornBytes > 0) say(`warning: that end is in ${DAMAGED_FILE} now; what it held is asked again`);
  // A damaged header says nothing of what was asked: every answer is then looked up by its own hash.
  if (progress.runDefinition !== null && !isSame && !resumeChanged)
    throw differentRun(folder, await changesOf(folder, progress.runDefinition, definition, prepared));
  const journal = await openJournal({
    directory: folder,
    header: { format: 'earsight-journal', version: 1, runId, runIdentity: definition },
    clock: systemClock,
    scan,
    onStall: (error) => say(error === null ? 'the disk takes writes again' : stalled(error)),
  });
  const isFresh = progress.runDefinition === null && progress.index.size() === 0;
  if (!isFresh && !isSame) {
    progress.index.clear();
    progress.failed.clear();
    progress.rowsMayHaveMoved = true;
    journal.append({ type: 'rebase', data: { runIdentity: definition } });
  }
  return { journal, progress, finished: progress.rowsMayHaveMoved ? await readFinishedCells(folder) : null };
}

function definitionOfRun({ datasetHash, sampleCount, repeat, config, models }: PreparedSetup): RunDefinition {
  return {
    dataset: datasetHash,
    samples: sampleCount,
    repeat,
    scorers: config.scorers,
    models: models.map((model) => modelDefinition(model, wireSettingsOf(model))),
  };
}

function changesOf(folder: string, was: RunDefinition, now: RunDefinition, { models, samples }: PreparedSetup) {
  const planners = new Map(models.map((model) => [model.id, createPlanner(model)]));
  const hashOf = (sample: Sample, modelId: string) => planners.get(modelId)?.plan(sample).requestHash ?? '';
  return describeChanges(folder, was, { definition: now, samples, hashOf });
}

function stalled(error: Error): string {
  return `warning: the journal cannot be written (${error.message}) · answers are kept in memory and nothing more is sent; free some space`;
}

function differentRun(folder: string, changes: readonly string[]): InputError {
  const problem: Problem = {
    file: folder,
    message: 'holds a run of other samples, models or parameters',
    hint: 'give the same configuration and options again, add --resume-changed to keep what still fits, or choose another --out',
  };
  return new InputError([problem, ...changes.map((message) => ({ message: `- ${message}` }))]);
}
