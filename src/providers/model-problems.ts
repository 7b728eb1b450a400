/** Checks a model's settings in the ways that all providers share. */

import { ProviderError } from '../errors.ts';
import type { Environment } from '../io.ts';
import type { Api } from '../models/fact-row.ts';
import { factOf, originOf } from '../models/model-facts.ts';
import type { GenerateParams, ModelConfig } from '../types.ts';
import { badProxyVariables } from './http/proxy.ts';
import type { ConfigProblem } from './provider.ts';

/** Members of the body that are made from the model and the sample, in all protocols. */
const OWN_MEMBERS = ['model', 'messages', 'contents', 'system', 'systemInstruction', 'stream'];

/** What a provider does with the parameters of a model. */
export interface ParamUse {
  /** Not sent, even if configured. */
  readonly notSent: readonly (keyof GenerateParams)[];
  /** Why they are not sent, for all of them or by name. */
  readonly why: string | ((name: keyof GenerateParams) => string);
  /** Members of a schema's `responseFormat` that the protocol does not have; absent = it has all. */
  readonly formatWithout?: readonly ('name' | 'strict')[];
  /** Sent and accepted with the model's other settings, although the table of models says that it refuses them. */
  readonly accepted?: readonly (keyof GenerateParams)[];
  /** The member that holds `maxTokens`; absent = one that no model refuses. */
  readonly lengthMember?: string;
}

/** One sentence for each parameter, or member of one, that is configured and not sent. */
export function notSent(model: ModelConfig, { notSent: names, why, formatWithout = [] }: ParamUse): readonly string[] {
  const format = model.params.responseFormat;
  const members = format?.type === 'json_schema' ? formatWithout.filter((name) => format[name] !== undefined) : [];
  const lost = members.map(
    (name) => `${model.id}: responseFormat.${name} is not sent: the protocol has no such setting`,
  );
  return names
    .filter((name) => model.params[name] !== undefined)
    .map((name) => `${model.id}: ${name} is not sent: ${typeof why === 'string' ? why : why(name)}`)
    .concat(lost);
}

/** Parameters that are sent although the model is known to answer them with an error. */
export function refusedParams(model: ModelConfig, use: ParamUse): readonly string[] {
  const refuses = factOf(model, 'refuses');
  const names = (refuses?.value ?? []).filter(
    (name) => model.params[name] !== undefined && ![...use.notSent, ...(use.accepted ?? [])].includes(name),
  );
  const member = factOf(model, 'lengthMember');
  const isWrongMember = member !== null && (use.lengthMember ?? member.value) !== member.value;
  return [
    ...(refuses === null || names.length === 0
      ? []
      : [
          `${model.id}: ${model.model} answers ${names.join(', ')} with an error (${originOf(refuses)}) · ` +
            `to leave ${names.length === 1 ? 'it' : 'them'} out: params: {${names.map((name) => `${name}: null`).join(', ')}}`,
        ]),
    ...(isWrongMember && model.params.maxTokens !== undefined
      ? [
          `${model.id}: ${model.model} takes ${member.value}, not ${use.lengthMember} (${originOf(member)}) · set reasoning: true`,
        ]
      : []),
  ];
}

/** Settings of a model that not every provider sends. */
export type OptionalSetting = 'detail' | 'apiVersion' | 'deployment' | 'dialect' | 'sendPrompt';

const WHY_NOT_SENT: Readonly<Record<OptionalSetting, string>> = {
  detail: 'the protocol has no such setting',
  apiVersion: 'only Azure takes it',
  deployment: 'only provider azure sends it',
  dialect: 'only provider transcription has dialects',
  sendPrompt: 'only provider transcription has it',
};

/** One sentence for each optional setting that is configured and that the provider does not send. */
export function unsentSettings(model: ModelConfig, sent: readonly OptionalSetting[]): readonly string[] {
  return (Object.keys(WHY_NOT_SENT) as OptionalSetting[])
    .filter((name) => model[name] !== undefined && !sent.includes(name))
    .map((name) => `${model.id}: ${name} is not sent: ${WHY_NOT_SENT[name]}`);
}

const SPEECH_PARAMS = ['language', 'prompt', 'transcriptFormat', 'chunkingStrategy'] as const;

/** The voice, for a model that answers in text only. */
export function unsentVoice(model: ModelConfig): readonly string[] {
  return notSent(model, { notSent: ['voice'], why: 'only chat completions of openai and azure speak' });
}

/** One sentence for each parameter of a transcription that is configured for a model that converses. */
export function unsentSpeechParams(model: ModelConfig): readonly string[] {
  return notSent(model, { notSent: SPEECH_PARAMS, why: 'only provider transcription sends it' });
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

/** An `api` that the provider does not speak. */
export function apiProblems({ id, api, provider }: ModelConfig, apis: readonly Api[]): readonly ConfigProblem[] {
  if (api === undefined || apis.includes(api)) return [];
  return [{ message: `${id}: provider ${provider} has no api: ${api}`, hint: 'leave api out' }];
}

/** A model that answers in another protocol only; `apis` are those that its provider speaks. */
export function apiNotes(model: ModelConfig, apis: readonly Api[]): readonly string[] {
  const only = factOf(model, 'api');
  if (only === null || !apis.includes(only.value) || (model.api ?? 'chat') === only.value) return [];
  return [`${model.id}: ${model.model} answers only with api: ${only.value} (${originOf(only)}) · set it`];
}

/** Members of `extraBody` that would replace those of the request. */
export function extraBodyProblems(model: ModelConfig): readonly ConfigProblem[] {
  return OWN_MEMBERS.filter((name) => Object.hasOwn(model.extraBody ?? {}, name)).map((name) => ({
    message: `${model.id}: extraBody must not hold "${name}"`,
    hint: name === 'stream' ? 'set stream: true on the model' : 'it comes from the model and the sample',
  }));
}
