/** From the choices of a user to a new set of scores: reads configuration and manifest, checks them, scores. Only judges are asked. */

import { defined } from '../../collections/defined.ts';
import { configsFound } from '../../config/find-config.ts';
import { loadUserCode } from '../../config/user-code.ts';
import { InputError, type Problem } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Journal } from '../../journal/journal.ts';
import type { JournalReading } from '../../journal/resume.ts';
import { checkSetup, openSetup, type PreparedSetup } from '../../plan/prepare.ts';
import { withRecorded } from '../../plan/recorded-selection.ts';
import type { RunInfo, Selection } from '../../report.ts';
import { readsFiles, scoreName, scorerInfo, scorerProblems } from '../../scorers/registry.ts';
import { quote } from '../../text/quote.ts';
import type { ScorerConfig } from '../../types.ts';
import { openJudges } from '../judging/open-judges.ts';
import { type Judging, type ReadyJudges, readyJudges } from '../judging/ready-judges.ts';
import { forecastJudging } from './judging-forecast.ts';
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
  /** Instead of what the user wrote: what the run's folder says. It may be of somebody else, and chooses no file. */
  readonly recorded?: { readonly scorers: readonly ScorerConfig[]; readonly dataset?: string };
  /** Name of the new set. */
  readonly name: string;
  /** How judges may be asked; absent = they may not. */
  readonly judging?: Judging;
  /** Hash that the samples must have; absent = any. */
  readonly datasetHash?: string;
}

export interface Rescored {
  readonly prepared: PreparedSetup;
  /** null = it was stopped or declined, and there is no new set. */
  readonly counts: RescoreCounts | null;
}

/** @throws {InputError} with all problems of the choice, the configuration and the manifest; nothing is written then. */
export async function rescoreRun(run: StoredRun, choice: RescoreChoice, io: Io): Promise<Rescored> {
  const { directory, info, reading } = run;
  requireNewSet(choice.name, reading.progress);
  // The configuration of today may have other models: the answers are there. Without one, the models are all there is.
  const hasConfig = choice.config !== undefined || (await configsFound(io.cwd)).length > 0;
  const recorded: Selection = {
    ...info.selection,
    ...defined({ dataset: choice.recorded?.dataset }),
  };
  const chosen = defined({ config: choice.config, dataset: choice.dataset });
  const selection = await withRecorded(chosen, hasConfig ? withoutModels(recorded) : recorded, {
    directory,
    cwd: io.cwd,
    options: { config: 'with --config', dataset: 'with --dataset' },
  });
  const opened = await openSetup(selection, io, { requireKeys: false });
  const scorers = choice.scorers ?? recordedIn(choice, opened.config.scorers) ?? opened.config.scorers;
  // Files on the command line are relative to the working directory.
  const code = await loadUserCode({ scorers: choice.scorers }, io.cwd, io.allowCode === true);
  if (code.length > 0) throw new InputError(code.map(({ message, hint }) => defined({ message, hint })));
  const problems = scorersProblems(scorers);
  if (problems.length > 0) throw new InputError(problems);
  const setup = { ...opened, models: [], config: { ...opened.config, scorers } };
  const prepared = await checkSetup(setup, selection);
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
  const judges = await readyJudges(prepared.judges, { selection, judging: choice.judging }, io);
  if (judges !== null && !(await mayAsk(judges, run, prepared, io))) return { prepared, counts: null };
  const open = (journal: Journal) =>
    judges === null
      ? null
      : openJudges({ ...judges, directory, mode: run.mode, journal, progress: reading.progress }, io);
  const options = { ...run, set, scorers, samples: prepared.samples(), stop: io.stop, openJudges: open };
  const counts = await rescore(options);
  return { prepared, counts };
}

function withoutModels({ model: _, endpoint: _endpoint, ...rest }: Selection): Selection {
  return rest;
}

/** Says what the judges will cost, and asks for confirmation where needed. */
async function mayAsk(
  judges: ReadyJudges,
  { directory, info, reading: { progress } }: StoredRun,
  { config: { scorers, confirmAbove }, samples }: PreparedSetup,
  io: Io,
): Promise<boolean> {
  const setup = { ...judges.setup, config: { ...judges.setup.config, scorers } };
  const run = { directory, info, progress, setup, samples: samples(), stop: io.stop };
  const forecast = await forecastJudging(run, io.cwd);
  return !io.stop.aborted && judges.mayAsk(forecast, { confirmAbove, maxCostUsd: judges.maxCostUsd });
}

/** @throws {InputError} for recorded scorers that may read files, unless the configuration has the same. */
function recordedIn({ recorded }: RescoreChoice, configured: readonly ScorerConfig[]) {
  if (recorded === undefined) return undefined;
  const known = new Set(configured.map((scorer) => JSON.stringify(scorer)));
  const other = recorded.scorers.find((scorer) => !known.has(JSON.stringify(scorer)) && mayReadFiles(scorer));
  if (other === undefined) return recorded.scorers;
  throw new InputError({ message: `scorer ${quote(scoreName(other))} is not that of the configuration` });
}

/** `${` is left of a value that came from the environment. */
function mayReadFiles(scorer: ScorerConfig): boolean {
  const isPlain = (value: unknown) => typeof value !== 'object' || (Array.isArray(value) && value.every(isPlain));
  return readsFiles(scorer) || !Object.values(scorer).every(isPlain) || JSON.stringify(scorer).includes('${');
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
