/** Scores a run again when a report of it would show scores of other versions of the scorers. */

import { InputError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { type JournalReading, readProgress } from '../../journal/resume.ts';
import { RUN_SET } from '../../report.ts';
import { scorersUsed, usedSet } from '../../summary/score-sets.ts';
import { counted } from '../../text/counted.ts';
import { rescoreRun, type StoredRun } from './ready-rescore.ts';
import { nextSetName } from './rescore.ts';

/**
 * Returns the journal with scores of the current versions: as it is, or with one more set. `wanted` is the set that the user
 * chose, which is used as it is. Where the manifest has changed or is not there, the scores stay, and `say` gets the reason.
 */
export async function withCurrentScores(
  run: StoredRun,
  wanted: string | undefined,
  say: (line: string) => void,
  io: Io,
): Promise<JournalReading> {
  const { reading, info } = run;
  const { scoreSets, otherVersions, runDefinition } = reading.progress;
  const used = usedSet(scoreSets, wanted);
  const stored = scoreSets.list().find((set) => set.info.name === used);
  const others = stored?.otherVersions ?? otherVersions;
  if (others.size() === 0 || runDefinition === null) return reading;
  const sentence = `${counted(others.size(), 'answer')}: ${others.sentence()}`;
  const scorers = scorersUsed(reading.progress, wanted);
  if (wanted !== undefined) {
    say(`warning: ${sentence}`);
    return reading;
  }
  const name = nextSetName(reading.progress);
  try {
    const choice =
      stored === undefined
        ? { recorded: { scorers }, datasetHash: runDefinition.dataset }
        : { recorded: { scorers, dataset: stored.info.dataset } };
    const { counts } = await rescoreRun(run, { ...choice, name }, io);
    if (counts === null) return reading;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    say(`warning: ${sentence}, and cannot be scored again (${error.message.split('\n')[0]}) · use earsight score`);
    return reading;
  }
  say(`${sentence} · scored again without a request, as ${name}${used === RUN_SET ? '' : ` after ${used}`}`);
  return readProgress(run.directory, info.selection);
}
