/** Checks a model's settings in the ways that all providers share. */

import { ProviderError } from '../errors.ts';
import type { Environment } from '../io.ts';
import type { GenerateParams, ModelConfig } from '../types.ts';
import { badProxyVariables } from './http/proxy.ts';
import type { ConfigProblem } from './provider.ts';

/** Members of the body that are made from the model and the sample, in all protocols. */
const OWN_MEMBERS = ['model', 'messages', 'contents', 'system', 'systemInstruction', 'stream'];

/** One sentence for each setting that is configured and not sent. */
export function notSent(model: ModelConfig, names: readonly (keyof GenerateParams)[], why: string): readonly string[] {
  return names
    .filter((name) => model.params[name] !== undefined)
    .map((name) => `${model.id}: ${name} is not sent: ${why}`);
}

/** Settings of a model that not every provider sends. */
export type OptionalSetting = 'detail' | 'apiVersion' | 'deployment';

const WHY_NOT_SENT: Readonly<Record<OptionalSetting, string>> = {
  detail: 'the protocol has no such setting',
  apiVersion: 'only provider azure sends it',
  deployment: 'only provider azure sends it',
};

/** One sentence for each optional setting that is configured and that the provider does not send. */
export function unsentSettings(model: ModelConfig, sent: readonly OptionalSetting[]): readonly string[] {
  return (Object.keys(WHY_NOT_SENT) as OptionalSetting[])
    .filter((name) => model[name] !== undefined && !sent.includes(name))
    .map((name) => `${model.id}: ${name} is not sent: ${WHY_NOT_SENT[name]}`);
}

/** The values of one parameter that a route takes, including both ends. */
export interface ParamRange {
  readonly name: 'temperature' | 'topP' | 'frequencyPenalty' | 'presencePenalty';
  /** The parameter's name on the wire. */
  readonly wire: string;
  readonly low: number;
  readonly high: number;
}

/** Parameters outside the ranges of a route. */
export function rangeProblems(
  model: ModelConfig,
  ranges: readonly ParamRange[],
  params: GenerateParams,
): readonly ConfigProblem[] {
  return ranges.flatMap(({ name, wire, low, high }) => {
    const value = params[name];
    return value === undefined || (value >= low && value <= high)
      ? []
      : [{ message: `${model.id}: ${wire} ${value} is outside the range ${low} to ${high} of this route` }];
  });
}

/** Checks the parameters of a sample. @throws {ProviderError} kind `unsupported` for the first one out of range. */
export function assertRanges(model: ModelConfig, ranges: readonly ParamRange[], params: GenerateParams): void {
  const [problem] = rangeProblems(model, ranges, params);
  if (problem !== undefined) throw new ProviderError('unsupported', problem.message);
}

/** Variables that should be the URL of a proxy and are not. Their values may hold passwords and are not shown. */
export function proxyProblems(model: ModelConfig, url: URL, env: Environment): readonly ConfigProblem[] {
  return badProxyVariables(url, env).map((name) => ({
    message: `${model.id}: ${name} is not the URL of a proxy`,
    hint: 'write it as http://host:port, or unset it',
  }));
}

/** Members of `extraBody` that would replace those of the request. */
export function extraBodyProblems(model: ModelConfig): readonly ConfigProblem[] {
  return OWN_MEMBERS.filter((name) => Object.hasOwn(model.extraBody ?? {}, name)).map((name) => ({
    message: `${model.id}: extraBody must not hold "${name}"`,
    hint: name === 'stream' ? 'set stream: true on the model' : 'it comes from the model and the sample',
  }));
}
