/** Checks of a model's settings that all providers share. */

import { InputError, ProviderError } from '../errors.ts';
import type { GenerateParams, ModelConfig } from '../types.ts';
import type { ConfigProblem } from './provider.ts';

/** Members of the body that are built from the sample, whatever the dialect calls them. */
const OWN_MEMBERS = ['model', 'messages', 'contents', 'system', 'systemInstruction', 'stream'];

/** All problems of one model at once; `check` throws for an endpoint that is none, which hides what would follow from it. */
export function modelProblems(model: ModelConfig, check: () => readonly ConfigProblem[]): readonly ConfigProblem[] {
  return [...checked(check), ...extraBodyProblems(model)];
}

/** One sentence for each setting that is configured and not sent. */
export function notSent(model: ModelConfig, names: readonly (keyof GenerateParams)[], why: string): readonly string[] {
  return names
    .filter((name) => model.params[name] !== undefined)
    .map((name) => `${model.id}: ${name} is not sent: ${why}`);
}

/** Dialects without a word for how closely an image is looked at. */
export function detailNotSent(model: ModelConfig): readonly string[] {
  return model.detail === undefined ? [] : [`${model.id}: detail is not sent: the protocol has no such setting`];
}

/** For all providers but `azure`: members that only its routes know. */
export function azureMembersNotSent(model: ModelConfig): readonly string[] {
  return (['apiVersion', 'deployment'] as const)
    .filter((name) => model[name] !== undefined)
    .map((name) => `${model.id}: ${name} is not sent: it is for provider azure alone`);
}

/** What a dialect takes of one setting, both ends included. */
export interface ParamRange {
  readonly name: 'temperature' | 'topP' | 'frequencyPenalty' | 'presencePenalty';
  /** The setting's name on the wire. */
  readonly wire: string;
  readonly low: number;
  readonly high: number;
}

/** Settings outside of what the dialect takes. */
export function rangeProblems(
  model: ModelConfig,
  ranges: readonly ParamRange[],
  params: GenerateParams,
): readonly ConfigProblem[] {
  return ranges.flatMap(({ name, wire, low, high }) => {
    const value = params[name];
    return value === undefined || (value >= low && value <= high)
      ? []
      : [{ message: `${model.id}: ${wire} ${value} is outside of ${low} to ${high}, which this route takes` }];
  });
}

/** For the settings of a sample. @throws {ProviderError} kind `unsupported` for the first one that is out of range. */
export function assertRanges(model: ModelConfig, ranges: readonly ParamRange[], params: GenerateParams): void {
  const [problem] = rangeProblems(model, ranges, params);
  if (problem !== undefined) throw new ProviderError('unsupported', problem.message);
}

function checked(check: () => readonly ConfigProblem[]): readonly ConfigProblem[] {
  try {
    return check();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

function extraBodyProblems(model: ModelConfig): readonly ConfigProblem[] {
  return OWN_MEMBERS.filter((name) => Object.hasOwn(model.extraBody ?? {}, name)).map((name) => ({
    message: `${model.id}: extraBody must not hold "${name}"`,
    hint: name === 'stream' ? 'say stream: true on the model' : 'it comes from the model and the sample',
  }));
}
