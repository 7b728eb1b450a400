/** `--again`: chooses cells of an earlier execution that are asked once more. Their old results stay in the journal. */

import { InputError, type Problem } from '../errors.ts';
import type { Journal } from '../journal/journal.ts';
import type { AgainNote } from '../journal/journal-line.ts';
import { journalParts } from '../journal/journal-parts.ts';
import { addAgain, isDone, type Progress } from '../journal/resume.ts';
import type { PlannedSample } from '../plan/inspect.ts';
import type { Result } from '../result.ts';
import { readResults } from '../summary/fold.ts';
import { quote } from '../text/quote.ts';

/** In place of an id: all cells that failed. */
const FAILED = 'failed';

const NOT_IN_RUN = 'results.csv has the ids of the run; what --limit, --sample or --shard left out is not in it';

const REPAIR = 'repair its media: a resume then asks it, also without --again';

interface AgainOptions {
  readonly again?: readonly string[];
  readonly replay?: string;
}

/** The options that `--again` needs or excludes. */
export function againProblems({ again, replay }: AgainOptions, folder: string): readonly Problem[] {
  if (again === undefined) return [];
  if (replay !== undefined)
    return [{ message: '--again asks the models, --replay does not', hint: 'use only one of them' }];
  if (again.length === 0)
    return [{ message: '--again names nothing to ask', hint: 'give ids of samples, or "failed" for all that failed' }];
  if (journalParts(folder).length > 0) return [];
  return [{ message: '--again needs the run whose cells are asked again', hint: 'name its folder with --resume' }];
}

export interface AgainChoice {
  readonly notes: readonly AgainNote[];
  /** Called for each sample of the manifest that can be sent. */
  see(sample: PlannedSample): void;
  /** To be called after the last sample. @throws {InputError} for ids that the run does not have, or left out. */
  check(): void;
}

/** Reads the results of the run once, when there is something to choose. */
export async function chooseAgain(
  folder: string,
  progress: Pick<Progress, 'index' | 'scoreSets'>,
  names: readonly string[] = [],
): Promise<AgainChoice> {
  const ids = new Set(names);
  const missing = new Set(names.filter((name) => name !== FAILED));
  const notes: AgainNote[] = [];
  /** Reasons by id. */
  const leftOut = new Map<string, string>();
  if (ids.size > 0)
    for await (const result of readResults(folder, progress, { models: [] })) {
      if (isChosen(result, ids)) notes.push(noteOf(result));
      if (isLeftOut(result)) leftOut.set(result.sampleId, result.failure.message);
    }
  return {
    notes,
    see: ({ sample }) => void missing.delete(sample.id),
    check() {
      if (missing.size === 0) return;
      throw new InputError(
        [...missing].map((id) => {
          const reason = leftOut.get(id);
          return reason === undefined
            ? { message: `--again: the run has no sample ${quote(id)}`, hint: NOT_IN_RUN }
            : { message: `--again: ${quote(id)} is left out (${reason})`, hint: REPAIR };
        }),
      );
    },
  };
}

/** A resumed run asks the other failed cells anyway, and goes on after their paid turns. */
function isChosen(result: Result, ids: ReadonlySet<string>): boolean {
  if (result.status === 'skipped') return false;
  return ids.has(result.sampleId) || (ids.has(FAILED) && result.status === 'failed' && isDone(result));
}

/** `skipBroken` left the sample out of every model. */
function isLeftOut(result: Result): result is Extract<Result, { readonly status: 'skipped' }> {
  return result.status === 'skipped' && result.failure.kind === 'media';
}

function noteOf({ requestHash, sampleId, modelId, repeat }: Result): AgainNote {
  return { requestHash, sampleId, modelId, repeat };
}

/**
 * Writes to the journal which cells are asked again, so that an interrupted run still asks them when it is resumed. Results
 * that have `moved` to new lines since would count as the new ones: all notes are then written once more.
 */
export function noteAgain(
  notes: readonly AgainNote[],
  moved: boolean,
  progress: Progress,
  journal: Pick<Journal, 'append'>,
): void {
  for (const note of notes) addAgain(progress, note);
  for (const data of moved ? progress.again.values() : notes) journal.append({ type: 'again', data });
}
