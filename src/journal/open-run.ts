/** Opens a run's journal: what an interrupted run left, whether it is the same run, and what damage was found. */

import { InputError, type Problem } from '../errors.ts';
import { systemClock } from '../limits/clock.ts';
import { wireSettingsOf } from '../plan/model-provider.ts';
import { createPlanner } from '../plan/planned-request.ts';
import type { Prepared } from '../plan/prepare.ts';
import { modelIdentity, type RunIdentity } from '../plan/request-hash.ts';
import type { Sample } from '../types.ts';
import { DAMAGED_FILE, type Journal, openJournal } from './journal.ts';
import { damageOf } from './journal-damage.ts';
import { type FinishedCells, finishedCells, type JournalReading, type Progress, readProgress } from './resume.ts';
import { describeChanges } from './run-changes.ts';

export interface RunToOpen {
  readonly folder: string;
  readonly runId: string;
  readonly prepared: Prepared;
  /** What was read of the journal before; read again when it has changed since. */
  readonly reading: JournalReading;
  /** Go on although manifest or models changed: what still fits is kept. */
  readonly resumeChanged: boolean;
  readonly say: (line: string) => void;
}

export interface OpenRun {
  readonly journal: Journal;
  readonly progress: Progress;
  /** Finished cells whose rows may need another place; null = all stand where they belong. */
  readonly kept: FinishedCells | null;
}

/** @throws {InputError} for a journal of another run, with what differs; nothing is written then. */
export async function openRun({ folder, runId, prepared, resumeChanged, say, ...run }: RunToOpen): Promise<OpenRun> {
  const identity = identityOfRun(prepared);
  const { progress, scan } = run.reading.isCurrent() ? run.reading : await readProgress(folder);
  const isSame = JSON.stringify(progress.runIdentity) === JSON.stringify(identity);
  for (const damage of damageOf(scan)) say(damage);
  if (scan.tornBytes > 0) say(`warning: that end is in ${DAMAGED_FILE} now; what it held is asked again`);
  // A damaged header says nothing of what was asked: every answer is then looked up by its own hash.
  if (progress.runIdentity !== null && !isSame && !resumeChanged)
    throw otherRun(folder, await changesOf(folder, progress.runIdentity, identity, prepared));
  const journal = await openJournal({
    directory: folder,
    header: { format: 'earsight-journal', version: 1, runId, runIdentity: identity },
    clock: systemClock,
    scan,
    onStall: (error) => say(error === null ? 'the disk takes writes again' : stalled(error)),
  });
  const isFresh = progress.runIdentity === null && progress.index.size() === 0;
  if (!isFresh && !isSame) {
    progress.index.clear();
    progress.failed.clear();
    progress.rebased = true;
    journal.append({ type: 'rebase', data: { runIdentity: identity } });
  }
  return { journal, progress, kept: progress.rebased ? await finishedCells(folder) : null };
}

function identityOfRun({ datasetHash, sampleCount, repeat, config, models }: Prepared): RunIdentity {
  return {
    dataset: datasetHash,
    samples: sampleCount,
    repeat,
    scorers: config.scorers,
    models: models.map((model) => modelIdentity(model, wireSettingsOf(model))),
  };
}

function changesOf(folder: string, was: RunIdentity, now: RunIdentity, { models, samples }: Prepared) {
  const planners = new Map(models.map((model) => [model.id, createPlanner(model)]));
  const hashOf = (sample: Sample, modelId: string) => planners.get(modelId)?.plan(sample).requestHash ?? '';
  return describeChanges(folder, was, { identity: now, samples, hashOf });
}

function stalled(error: Error): string {
  return `warning: the journal cannot be written (${error.message}) · answers are kept in memory and nothing more is sent; free some space`;
}

function otherRun(folder: string, changes: readonly string[]): InputError {
  const refusal: Problem = {
    file: folder,
    message: 'holds a run of other samples, models or parameters',
    hint: 'give the same configuration and options again, add --resume-changed to keep what still fits, or choose another --out',
  };
  return new InputError([refusal, ...changes.map((message) => ({ message: `- ${message}` }))]);
}
