/** Opens a run's journal: what an interrupted run left, whether it is the same run, and what damage was found. */

import { systemClock } from '../engine/clock.ts';
import { modelIdentity, runIdentity } from '../engine/identity.ts';
import { type Journal, openJournal } from '../engine/journal.ts';
import type { JournalScan } from '../engine/journal-read.ts';
import { emptyProgress, type Progress, recall } from '../engine/resume.ts';
import { InputError } from '../errors.ts';
import type { Prepared } from './prepare.ts';
import { identityOf } from './providers.ts';

export interface RunToOpen {
  readonly folder: string;
  readonly runId: string;
  readonly prepared: Prepared;
  /** Go on although manifest or models changed: what still fits is kept. */
  readonly resumeChanged: boolean;
  readonly say: (line: string) => void;
}

export interface OpenRun {
  readonly journal: Journal;
  readonly progress: Progress;
}

/** @throws {InputError} for a journal of another run; nothing is written then. */
export async function openRun({ folder, runId, prepared, resumeChanged, say }: RunToOpen): Promise<OpenRun> {
  const { datasetHash, models, repeat } = prepared;
  const identities = models.map((model) => modelIdentity(model, identityOf(model)));
  const identity = runIdentity(datasetHash, identities, repeat);
  const progress = emptyProgress(resumeChanged);
  const isOther = () => progress.runIdentity !== null && progress.runIdentity !== identity;
  const journal = await openJournal({
    directory: folder,
    header: { format: 'earsight-journal', version: 1, runId, runIdentity: identity },
    clock: systemClock,
    onLine: (line) => recall(progress, line),
    onScanned: (scan) => {
      sayDamage(scan, say);
      if (isOther() && !resumeChanged) throw otherRun(folder);
    },
    onStall: (error) => say(error === null ? 'the disk takes writes again' : stalled(error)),
  });
  if (isOther()) {
    progress.index.clear();
    journal.append({ type: 'rebase', data: { runIdentity: identity } });
    return { journal, progress };
  }
  return { journal, progress: { ...progress, kept: null } };
}

function sayDamage({ damaged, lost }: JournalScan, say: (line: string) => void): void {
  for (const { line } of damaged) say(`warning: journal line ${line} is damaged and does not count`);
  if (lost > 0) say(`warning: ${lost} journal lines are missing`);
}

function stalled(error: Error): string {
  return `warning: the journal cannot be written (${error.message}) · answers are kept in memory and nothing more is sent; free some space`;
}

function otherRun(folder: string): InputError {
  return new InputError({
    file: folder,
    message: 'holds a run of other samples, models or parameters',
    hint: 'give the same configuration and options again, add --resume-changed to keep what still fits, or choose another --out',
  });
}
