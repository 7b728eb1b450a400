/** A baseline: the values of each sample, averaged over one or several runs, that later runs are compared with. */

import { InputError, type Problem } from '../errors.ts';
import type { RunDefinition } from '../plan/request-hash.ts';
import { RUN_SET, type RunInfo, type RunReport, type ScoreSets } from '../report.ts';
import { UNSCORED_HINT, unscoredText } from '../reporters/figures-for-people.ts';
import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';
import { sortedMembers } from '../text/sorted-members.ts';
import { changedSettings, type ModelSettings, settingsOf } from './model-settings.ts';
import type { Measure, ModelMeasures, RunMeasures, SampleMeasures } from './run-measures.ts';

export const BASELINE_FORMAT = 'earsight-baseline';

/** One model of a baseline. */
export interface BaselineModel {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  /** What decided the requests; null = the runs do not tell. */
  readonly settings: ModelSettings | null;
  /** Model names in the answers. */
  readonly served: readonly string[];
}

export interface BaselineHead {
  readonly format: typeof BASELINE_FORMAT;
  readonly formatVersion: 1;
  readonly name: string;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  readonly earsightVersion: string;
  readonly runs: readonly {
    readonly runId: string;
    readonly createdAt: string;
    readonly repeat: number;
    /** Absent = the scores of the run itself, which has no others. */
    readonly scoreSet?: string;
  }[];
  readonly dataset: { readonly sha256: string; readonly samples: number };
  /** Scorers of the configuration as `scorersOf` writes them. */
  readonly scorers: readonly unknown[];
  readonly models: readonly BaselineModel[];
}

export interface Baseline {
  readonly head: BaselineHead;
  /** By sample id, in manifest order; without clusters and lines. */
  readonly samples: ReadonlyMap<string, BaselineSample>;
}

export type BaselineSample = Omit<SampleMeasures, 'cluster' | 'line'>;

/** A run that becomes part of a baseline. */
export interface BaselineRun {
  /** As the user named it. */
  readonly name: string;
  readonly info: RunInfo;
  /** null = the run has only its own scores. */
  readonly scoreSets: ScoreSets | null;
  /** See `reportScorers`. */
  readonly scorers: readonly unknown[];
  readonly definition: RunDefinition | null;
  readonly measures: RunMeasures;
}

/**
 * Averages the runs sample by sample.
 * @throws {InputError} when the runs do not measure the same thing: other samples, models, settings or scorers.
 */
export function createBaseline(runs: readonly BaselineRun[], createdAt: string, earsightVersion: string): Baseline {
  const [first, ...others] = runs;
  if (first === undefined) throw new InputError({ message: 'no run given', hint: 'earsight baseline set RUN...' });
  const problems = [
    ...runs.flatMap(unscored),
    ...duplicates(runs),
    ...others.flatMap((run) => differences(first, run)),
    ...emptiness(first),
  ];
  if (problems.length > 0) throw new InputError(problems);
  const head: BaselineHead = {
    format: BASELINE_FORMAT,
    formatVersion: 1,
    name: first.info.name,
    createdAt,
    earsightVersion,
    runs: runs.map(({ info: { runId, createdAt: at, repeat }, scoreSets }) => ({
      runId,
      createdAt: at,
      repeat,
      ...(scoreSets === null ? {} : { scoreSet: scoreSets.used }),
    })),
    dataset: { sha256: first.info.dataset.sha256, samples: first.measures.samples.size },
    scorers: first.scorers,
    models: first.info.models.map(({ id, provider, model }) => ({
      id,
      provider,
      model,
      settings: first.definition === null ? null : settingsOf(first.definition, id),
      served: [...new Set(runs.flatMap(({ measures }) => measures.models.get(id)?.served ?? []))].sort(),
    })),
  };
  return { head, samples: new Map([...first.measures.samples.keys()].map((id) => [id, averaged(runs, id)])) };
}

/** The scorers of the scores that a report has: of its configuration, or of the set that scored its answers again. */
export function reportScorers({ run, scoreSets }: Pick<RunReport, 'run' | 'scoreSets'>): readonly unknown[] {
  const used = scoreSets?.all.find(({ name }) => name === scoreSets.used);
  if (used === undefined || used.name === RUN_SET) return scorersOf(run);
  return scorersOf({ config: { scorers: used.scorers.map(({ version: _, ...scorer }) => scorer) } });
}

/** The scorers of a run's configuration, each as a mapping with sorted members, as written: paths stay relative. */
export function scorersOf({ config }: Pick<RunInfo, 'config'>): readonly unknown[] {
  const written = isRecord(config) ? config['scorers'] : undefined;
  if (!Array.isArray(written)) return [];
  return written.map((scorer: unknown) => sortedMembers(typeof scorer === 'string' ? { name: scorer } : scorer));
}

/** A set that lacks some answers would become a baseline that lacks them. */
function unscored({ name, scoreSets }: BaselineRun): readonly Problem[] {
  const message = scoreSets === null ? null : unscoredText(scoreSets);
  return message === null ? [] : [{ file: name, message, hint: UNSCORED_HINT }];
}

/** The same answers must not count twice. */
function duplicates(runs: readonly BaselineRun[]): readonly Problem[] {
  const seen = new Set<string>();
  return runs.flatMap(({ name, info: { runId, replayOf } }) => {
    const source = replayOf ?? runId;
    if (!seen.has(source)) {
      seen.add(source);
      return [];
    }
    const message =
      replayOf === undefined ? 'is given twice' : `is a replay of ${quote(replayOf)}: its answers are the same`;
    return [{ file: name, message, hint: 'name each run once' }];
  });
}

function differences(first: BaselineRun, run: BaselineRun): readonly Problem[] {
  const problem = (message: string): Problem => ({
    file: run.name,
    message: `${message} than ${first.name}`,
    hint: 'a baseline averages runs of one configuration: set one of them, or run again',
  });
  const samples = [...first.measures.samples.values()];
  const isSame = ({ id, key, prompt }: SampleMeasures) => {
    const other = run.measures.samples.get(id);
    return other !== undefined && other.key === key && other.prompt === prompt;
  };
  const other = samples.find((sample) => !isSame(sample));
  const ids = (of: BaselineRun) => of.info.models.map(({ id }) => id).join('\n');
  const settings = first.info.models.flatMap(({ id }) => {
    const was = first.definition === null ? null : settingsOf(first.definition, id);
    const now = run.definition === null ? null : settingsOf(run.definition, id);
    return was === null || now === null ? [] : changedSettings(was, now).map((name) => `${quote(id)} ${name}`);
  });
  return [
    ...(other === undefined ? [] : [problem(`has another sample ${quote(other.id)}`)]),
    ...(samples.length < run.measures.samples.size ? [problem('has more samples')] : []),
    ...(ids(first) === ids(run) ? [] : [problem('has other models')]),
    ...(settings.length === 0 ? [] : [problem(`has other settings (${settings.slice(0, 5).join(', ')})`)]),
    ...(JSON.stringify(first.scorers) === JSON.stringify(run.scorers) ? [] : [problem('has other scorers')]),
  ];
}

function emptiness({ name, measures }: BaselineRun): readonly Problem[] {
  if (measures.samples.size > 0) return [];
  return [{ file: name, message: 'holds no results', hint: 'finish it with earsight run --resume' }];
}

function averaged(runs: readonly BaselineRun[], id: string): BaselineSample {
  const own = runs.flatMap(({ measures }) => measures.samples.get(id) ?? []);
  const [first] = own;
  if (first === undefined) throw new Error(`no sample ${id}`);
  const models = new Map<string, ModelMeasures>();
  for (const sample of own)
    for (const [model, measures] of sample.models) models.set(model, added(models.get(model), measures));
  return { id, key: first.key, prompt: first.prompt, scorers: first.scorers, models };
}

function added(so: ModelMeasures | undefined, more: ModelMeasures): ModelMeasures {
  if (so === undefined) return more;
  const values = new Map<string, Measure>(so.values);
  for (const [figure, { total, count }] of more.values) {
    const known = values.get(figure);
    values.set(figure, { total: (known?.total ?? 0) + total, count: (known?.count ?? 0) + count });
  }
  return { values, answers: [...so.answers, ...more.answers] };
}
