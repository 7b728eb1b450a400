/** Opens the folder of a run and reads what gates and baselines need of it. */

import type { Io } from '../io.ts';
import { findRun } from '../journal/find-run.ts';
import { damageWarnings } from '../journal/journal-damage.ts';
import { readProgress } from '../journal/resume.ts';
import type { RunDefinition } from '../plan/request-hash.ts';
import type { RunReport } from '../report.ts';
import { foldRun } from '../summary/fold.ts';
import { measureRun, type RunMeasures } from './run-measures.ts';

export interface MeasuredRun {
  /** Absolute. */
  readonly directory: string;
  readonly report: RunReport;
  /** null = the header of the journal is damaged. */
  readonly definition: RunDefinition | null;
  readonly measures: RunMeasures;
}

export interface MeasureOptions {
  readonly withAnswers?: boolean;
  /** Name of the set of scores; undefined = the newest. */
  readonly set?: string | undefined;
  readonly say: (line: string) => void;
}

/** `say` receives what is damaged, one line each. @throws {InputError} when there is no run. */
export async function openMeasuredRun(
  name: string,
  { cwd }: Pick<Io, 'cwd'>,
  { withAnswers = false, set, say }: MeasureOptions,
): Promise<MeasuredRun> {
  const { directory, info } = findRun(name, cwd);
  const { progress, scan } = await readProgress(directory, info.selection);
  for (const damage of damageWarnings(scan)) say(damage);
  progress.done.clear();
  const report = await foldRun(directory, progress, info, { warnings: [], set });
  return { directory, report, definition: progress.runDefinition, measures: await measureRun(report, withAnswers) };
}
