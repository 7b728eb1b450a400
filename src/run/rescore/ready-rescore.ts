/** From the choices of a user to a new set of scores: reads configuration and manifest, checks them, scores. Nothing is sent. */

import { defined } from '../../collections/defined.ts';
import { InputError, type Problem } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { JournalReading } from '../../journal/resume.ts';
import { checkSetup, openSetup, type PreparedSetup, type Selection } from '../../plan/prepare.ts';
import { withRecorded } from '../../plan/recorded-selection.ts';
import type { RunInfo, ScorerInfo } from '../../report.ts';
import { scoreName, scorerInfo, scorerProblems } from '../../scorers/registry.ts';
import { quote } from '../../text/quote.ts';
import type { ScorerConfig } from '../../types.ts';
import { type RescoreCounts, requireNewSet, rescore } from './rescore.ts';

/** A run whose folder is locked. */
export interface StoredRun {
  readonly directory: string;
  readonly info: RunInfo;
  readonly reading: JournalReading;
  /** Permissions of new files, before the umask. */
  readonly mode: number;
}

export interface RescoreChoice {
  /** As the user wrote them; absent = those of the run. */
  readonly config?: string | undefined;
  readonly dataset?: string | undefined;
  /** Absent = those of the configuration. */
  readonly scorers?: readonly ScorerConfig[];
  /** Name of the new set. */
  readonly name: string;
  /** Hash that the samples must have; absent = any. */
  readonly datasetHash?: string;
}

export interface Rescored {
  readonly prepared: PreparedSetup;
  /** null = it was stopped, and there is no new set. */
  readonly counts: RescoreCounts | null;
}

/** @throws {InputError} with all problems of the choice, the configuration and the manifest; nothing is written then. */
export async function rescoreRun(run: StoredRun, choice: RescoreChoice, io: Io): Promise<Rescored> {
  const { directory, info, reading } = run;
  requireNewSet(choice.name, reading.progress);
  // The configuration of today may have other models: the answers are there.
  const { model: _, ...recorded }: Selection = info.selection;
  const selection = await withRecorded(defined({ config: choice.config, dataset: choice.dataset }), recorded, {
    directory,
    cwd: io.cwd,
    options: { config: 'with --config', dataset: 'with --dataset' },
  });
  const opened = await openSetup(selection, io, { requireKeys: false });
  const scorers = choice.scorers ?? opened.config.scorers;
  const problems = scorersProblems(scorers);
  if (problems.length > 0) throw new InputError(problems);
  const prepared = await checkSetup({ ...opened, models: [], config: { ...opened.config, scorers } }, selection);
  const { source, datasetHash, config } = prepared;
  if (choice.datasetHash !== undefined && choice.datasetHash !== datasetHash)
    throw new InputError({ file: source.displayPath, message: 'has changed since the run' });
  const hide = <T>(value: T): T => (config.filledIn?.hideIn(value) ?? value) as T;
  const set = {
    name: choice.name,
    scoredAt: new Date((io.now ?? Date.now)()).toISOString(),
    dataset: hide(source.displayPath),
    scorers: hide(scorers.map(scorerInfo)),
  };
  const counts = await rescore({ ...run, set, scorers, samples: prepared.samples(), stop: io.stop });
  return { prepared, counts };
}

/** Scorers as they were recorded, without their versions; null when they hold values from the environment. */
export function recordedScorers(scorers: readonly (ScorerConfig | ScorerInfo)[]): readonly ScorerConfig[] | null {
  if (JSON.stringify(scorers).includes('${')) return null;
  return scorers.map(({ version: _, ...config }) => ({ ...config, name: String(config['name']) }));
}

function scorersProblems(scorers: readonly ScorerConfig[]): readonly Problem[] {
  const names = scorers.map(scoreName);
  const repeated = names.filter((name, index) => names.indexOf(name) < index);
  return [
    ...scorers.flatMap((scorer) => scorerProblems(scorer)),
    ...repeated.map((name) => ({
      message: `scorer ${quote(name)} is listed twice`,
      hint: 'keep one, or name one with `as`: the name is a column in the results',
    })),
  ];
}
