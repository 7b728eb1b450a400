/** Decides which models of one run, or of two runs, are compared with each other. */

import { InputError } from '../errors.ts';
import { ablationBase } from '../plan/ablation.ts';
import type { RunInfo } from '../report.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { type CommonSamples, commonSamples } from './pairs.ts';
import type { RunScores } from './run-scores.ts';
import type { ModelOfRun } from './setting-differences.ts';

/** A model with its name in the comparison. */
export interface LabelledModel extends ModelOfRun {
  readonly label: string;
  /** Index of the run. */
  readonly runIndex: number;
}

/** Two models to be compared. */
export interface ModelPair {
  readonly a: LabelledModel;
  readonly b: LabelledModel;
}

/** What is compared with what. */
export interface ComparisonPlan {
  readonly runs: readonly RunScores[];
  readonly common: CommonSamples;
  readonly models: readonly LabelledModel[];
  readonly pairs: readonly ModelPair[];
  readonly notCompared: readonly string[];
}

/** @throws {InputError} when there is nothing to compare, or the model is unknown. */
export function planComparison(first: RunScores, second: RunScores | null, against?: string): ComparisonPlan {
  const runs = second === null ? [first] : [first, second];
  const empty = runs.find(({ samples }) => samples.count === 0);
  if (empty !== undefined)
    throw new InputError({
      file: empty.directory,
      message: 'the run has no results',
      hint: 'complete it with earsight run --resume',
    });
  const plan = second === null ? planOneRun(first, against) : planTwoRuns(first, second, against);
  const common = commonSamples(first.samples, (second ?? first).samples);
  if (common.b.length === 0)
    throw new InputError({
      message: 'the runs have no sample in common',
      hint: 'samples are paired by id, media and target: compare runs of one dataset',
    });
  return { runs, common, ...plan };
}

type Pairing = Pick<ComparisonPlan, 'models' | 'pairs' | 'notCompared'>;

function planOneRun(run: RunScores, against: string | undefined): Pairing {
  const models = run.models.map((model) => ({ run, model, label: model.info.id, runIndex: 0 }));
  const a = against === undefined ? models[0] : modelNamed(models, against, run);
  // Steps of a stress test are compared with their own model, and have a table of their own.
  const others = models.filter((model) => model !== a && (against !== undefined || !isStep(model, models)));
  if (a === undefined || (others.length === 0 && models.length < 2))
    throw new InputError({
      file: run.directory,
      message: 'the run has one model only, and nothing to compare it with',
      hint: 'name a second run: earsight compare RUN RUN',
    });
  const ids = models.map(({ label }) => label);
  // What a medium is worth is asked of each model, not of the first one alone.
  const baseOf = (b: LabelledModel) => {
    const base = against === undefined ? ablationBase(b.label, ids) : null;
    return models.find(({ label }) => label === base) ?? a;
  };
  return { models, pairs: others.map((b) => ({ a: baseOf(b), b })), notCompared: [] };
}

/** Whether a model is a step of a stress test of another one. */
function isStep({ model: { info } }: LabelledModel, models: readonly LabelledModel[]): boolean {
  return models.some(({ model }) => model.info.id === info.stress?.base);
}

function planTwoRuns(first: RunScores, second: RunScores, against: string | undefined): Pairing {
  const [nameA, nameB] = runNames(first.info, second.info);
  const labelled = (run: RunScores, name: string, runIndex: number) =>
    run.models.map((model) => ({ run, model, label: `${model.info.id} (${name})`, runIndex }));
  const [as, bs] = [labelled(first, nameA, 0), labelled(second, nameB, 1)];
  const named = against === undefined ? undefined : modelNamed(as, against, first);
  const [onlyA, onlyB] = [as.length === 1 ? as[0] : undefined, bs.length === 1 ? bs[0] : undefined];
  const sameId = bs.flatMap((b) => {
    const a = named ?? as.find(({ model }) => model.info.id === b.model.info.id);
    return a === undefined ? [] : [{ a, b }];
  });
  const pairs = sameId.length === 0 && onlyA !== undefined && onlyB !== undefined ? [{ a: onlyA, b: onlyB }] : sameId;
  if (pairs.length === 0)
    throw new InputError({
      message: `no model is in both runs (${idsOf(first)}; ${idsOf(second)})`,
      hint: 'name the model of the first run to compare with: --against ID',
    });
  const models = [...as, ...bs];
  const isCompared = (model: LabelledModel) => pairs.some(({ a, b }) => a === model || b === model);
  return {
    models: models.filter(isCompared),
    pairs,
    notCompared: models.filter((model) => !isCompared(model)).map(({ label }) => label),
  };
}

function modelNamed(models: readonly LabelledModel[], id: string, run: RunScores): LabelledModel {
  const found = models.find(({ model }) => model.info.id === id);
  if (found !== undefined) return found;
  const ids = models.map(({ model }) => model.info.id);
  throw new InputError({ file: run.directory, message: `the run has no model ${quote(id)}`, hint: suggest(id, ids) });
}

function idsOf({ models }: RunScores): string {
  return models.map(({ info }) => quote(info.id)).join(', ');
}

/** Short names that differ: the names of the runs, or their ids. */
function runNames(a: RunInfo, b: RunInfo): readonly [string, string] {
  if (a.name !== b.name) return [a.name, b.name];
  return a.runId === b.runId ? ['A', 'B'] : [a.runId, b.runId];
}
