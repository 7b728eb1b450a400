/** Names what differs between two compared models besides their answers. */

import { HASHED_SETTINGS, settingsOf } from '../journal/run-changes.ts';
import { settingName } from '../plan/stored-definition.ts';
import type { CommonSamples } from './pairs.ts';
import type { ModelScores, RunScores } from './run-scores.ts';

/** One thing that differs. */
export interface SettingDifference {
  /** `prompt`, `scorers`, `scoreSet`, `scorerVersions`, `repeat`, `servedModel`, `earsight`, or a setting of the model: `model`, `params.temperature`, `media`. */
  readonly setting: string;
  /** As JSON; null = not set, or only a hash of it is known, see `isHidden`. */
  readonly a: string | null;
  readonly b: string | null;
  /** The values are not shown: long texts, of which only hashes are stored, and values that came from the environment. */
  readonly isHidden: boolean;
  /** Of the common samples, for what differs by sample; null = for all of them. */
  readonly samples: number | null;
}

/** A model of a run. */
export interface ModelOfRun {
  readonly run: RunScores;
  readonly model: ModelScores;
}

/** In the order in which they matter: what was asked, how it was scored, who answered. */
export function settingDifferences(a: ModelOfRun, b: ModelOfRun, common: CommonSamples): readonly SettingDifference[] {
  const prompts = changedPrompts(a, b, common);
  const models = modelSettings(a, b);
  const requests = changedRequests(a, b, common);
  const isExplained = prompts > 0 || models.length > 0 || !isSameModel(a, b);
  return [
    ...(prompts > 0 ? [{ setting: 'prompt', a: null, b: null, isHidden: true, samples: prompts }] : []),
    ...(requests > 0 && !isExplained
      ? [{ setting: 'request', a: null, b: null, isHidden: true, samples: requests }]
      : []),
    ...models,
    ...runSettings(a.run, b.run),
    ...scorerVersions(a.model, b.model),
    ...difference('servedModel', list(a.model.servedModels), list(b.model.servedModels)),
  ];
}

function difference(setting: string, a: string | null, b: string | null, isHidden = false) {
  if (a === b) return [];
  return [{ setting, a: isHidden ? null : a, b: isHidden ? null : b, isHidden, samples: null }];
}

function list(values: readonly string[]): string | null {
  return values.length === 0 ? null : JSON.stringify(values.length === 1 ? values[0] : values);
}

function isSameModel(a: ModelOfRun, b: ModelOfRun): boolean {
  return a.run !== b.run && a.model.info.id === b.model.info.id;
}

/** Samples whose prompt in the manifest is another one. */
function changedPrompts(a: ModelOfRun, b: ModelOfRun, common: CommonSamples): number {
  if (a.run === b.run) return 0;
  return countOf(common, (sampleA, sampleB) => a.run.samples.prompts[sampleA] !== b.run.samples.prompts[sampleB]);
}

/** Samples that were asked for in another way, such as with another system message of their own. */
function changedRequests(a: ModelOfRun, b: ModelOfRun, common: CommonSamples): number {
  const requestOf = ({ model }: ModelOfRun, sample: number) => model.requests[sample * model.repeats] ?? 0;
  return countOf(common, (sampleA, sampleB) => {
    const [first, second] = [requestOf(a, sampleA), requestOf(b, sampleB)];
    return first !== 0 && second !== 0 && first !== second;
  });
}

function countOf(common: CommonSamples, isCounted: (sampleA: number, sampleB: number) => boolean): number {
  let count = 0;
  for (const [position, sampleB] of common.b.entries()) if (isCounted(common.a[position] ?? 0, sampleB)) count += 1;
  return count;
}

/** Results of earlier versions do not name them. */
function scorerVersions(a: ModelScores, b: ModelScores): readonly SettingDifference[] {
  const [first, second] = [list(a.scorerVersions), list(b.scorerVersions)];
  return first === null || second === null ? [] : difference('scorerVersions', first, second);
}

/** `thinking` decides what is scored, everything else what is sent. */
function modelSettings(a: ModelOfRun, b: ModelOfRun): readonly SettingDifference[] {
  const [first, second] = [definitionOf(a), definitionOf(b)];
  if (first === undefined || second === undefined) return [];
  const [before, after] = [settingsOf(first), settingsOf(second)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((setting) => {
    const [valueA = null, valueB = null] = [before.get(setting), after.get(setting)];
    const isHidden = HASHED_SETTINGS.includes(setting) || isMarked(a, setting) || isMarked(b, setting);
    // Salted hashes of values from the environment differ in every run.
    if (isHidden && isSaltedHash(a, setting, valueA) && isSaltedHash(b, setting, valueB)) return [];
    return difference(setting, valueA, valueB, isHidden);
  });
}

function definitionOf({ run, model }: ModelOfRun) {
  return run.definition?.models.find(({ id }) => id === model.info.id);
}

function isMarked({ run, model }: ModelOfRun, setting: string): boolean {
  return Object.hasOwn(run.definition?.marks ?? {}, settingName(model.info.id, setting));
}

function isSaltedHash({ run, model }: ModelOfRun, setting: string, value: string | null): boolean {
  const name = settingName(model.info.id, setting);
  return isMarked({ run, model }, setting) && value === JSON.stringify(run.definition?.marks?.[name]);
}

function runSettings(a: RunScores, b: RunScores): readonly SettingDifference[] {
  if (a === b) return [];
  return [
    ...(a.scorers === null || b.scorers === null ? [] : difference('scorers', a.scorers, b.scorers)),
    ...difference('scoreSet', JSON.stringify(a.scoreSet), JSON.stringify(b.scoreSet)),
    ...difference('repeat', String(a.info.repeat), String(b.info.repeat)),
    ...difference('earsight', JSON.stringify(a.info.earsightVersion), JSON.stringify(b.info.earsightVersion)),
  ];
}
