/** Makes a provider from what its vendor does differently; everything that all providers share is here. */

import { InputError } from '../errors.ts';
import type { Environment } from '../io.ts';
import type { Api } from '../models/fact-row.ts';
import { mediaLimits } from '../models/model-facts.ts';
import type { Message, Modality, ModelConfig } from '../types.ts';
import { authOf, authProblems } from './auth.ts';
import { batchProblemOf } from './batch/batch-problem.ts';
import { createClient } from './client.ts';
import {
  apiNotes,
  apiProblems,
  extraBodyProblems,
  notSent,
  type OptionalSetting,
  type ParamUse,
  proxyProblems,
  rangeProblems,
  refusedParams,
  unsentSettings,
  unsentSpeechParams,
  unsentVoice,
} from './model-problems.ts';
import type { ConfigProblem, Provider } from './provider.ts';
import type { Route } from './route.ts';
import { strictSchemaNotes } from './strict-schema.ts';
import { urlForPeople, wireSettings } from './wire-settings.ts';

/** What a provider's file holds. */
export interface ProviderDefinition {
  /** One line for `--help` and the docs. */
  readonly description: string;
  /** What the protocol can send at all; a model may take less. */
  readonly modalities: readonly Modality[];
  /** The settings that this provider sends and not every other one does. */
  readonly sends: readonly OptionalSetting[];
  /** How a model is called. @throws {InputError} for an endpoint or a model name that is not valid. */
  route(model: ModelConfig): Route;
  /** The values of `api` that it takes; absent = the setting is rejected. */
  readonly apis?: readonly Api[];
  /** What becomes of the parameters; absent = all are sent. */
  params?(model: ModelConfig): ParamUse;
  /** See `Provider`; absent = it may not. */
  speaks?(model: ModelConfig): boolean;
  /** See `Provider`; absent = all of them. */
  heard?(messages: readonly Message[], model: ModelConfig): readonly Message[];
  /** See `Provider`; absent = there are none. The endpoint may not be known yet. */
  announcements?(model: ModelConfig): readonly string[];
  /** See `Provider`; absent = the URL has always been the same. */
  earlier?(model: ModelConfig): ModelConfig | null;
}

const ALL_SENT: ParamUse = { notSent: [], why: '' };

/**
 * Adds checks, notes, wire settings and the client to a definition.
 *
 * @example
 * export const openai = defineProvider({
 *   description: 'any server with chat completions',
 *   modalities: ['text', 'image', 'audio'],
 *   sends: ['detail'],
 *   route: (model) => ({ url, auth, ...chatCompletions(model, rules) }),
 * });
 */
export function defineProvider(definition: ProviderDefinition): Provider {
  const { description, modalities, sends, earlier } = definition;
  const isTranscription = sends.includes('dialect');
  const route = (model: ModelConfig): Route => {
    const { media, ...rest } = definition.route(model);
    return { ...rest, media: { ...mediaLimits(model), ...media } };
  };
  const problems = (model: ModelConfig, env: Environment) => [
    ...problemsOf(() => routeProblems(model, route(model), env)),
    ...extraBodyProblems(model),
    ...apiProblems(model, definition.apis ?? []),
  ];
  return {
    description,
    modalities,
    mediaSupport: (model) => route(model).media,
    url: (model) => urlForPeople(model, route(model).url),
    auth: (model) => authOf(model, route(model).auth),
    problems,
    notes: (model) => {
      const use = definition.params?.(model) ?? ALL_SENT;
      return [
        ...apiNotes(model, definition.apis ?? []),
        ...strictSchemaNotes(model),
        ...notSent(model, use),
        ...(isTranscription ? [] : unsentSpeechParams(model)),
        ...(isTranscription || definition.speaks?.(model) === true ? [] : unsentVoice(model)),
        ...refusedParams(model, use),
        ...unsentSettings(model, sends),
      ];
    },
    speaks: (model) => definition.speaks?.(model) === true,
    heard: (messages, model) => definition.heard?.(messages, model) ?? messages,
    announcements: (model) => definition.announcements?.(model) ?? [],
    earlier: (model) => earlier?.(model) ?? null,
    wireSettings: (model) => wireSettings(model, route(model).url),
    create: (model, context) => {
      const found = problems(model, context.env);
      if (found.length > 0) throw new InputError(found);
      return createClient(model, route(model), context);
    },
    batchProblem: (model) => batchProblemOf(route(model), model),
    openBatch: async (model, context) => {
      const found = problems(model, context.env);
      if (found.length > 0) throw new InputError(found);
      const { openBatch } = await import('./batch/open-batch.ts');
      // A line of a batch is not answered as a stream; its answer is the same.
      const { stream: _, ...whole } = model;
      return openBatch(whole, route(whole), context);
    },
  };
}

function routeProblems(model: ModelConfig, route: Route, env: Environment): readonly ConfigProblem[] {
  return [
    ...authProblems(model, route.url, route.auth, env),
    ...proxyProblems(model, route.url, env),
    ...(route.problems ?? []),
    ...rangeProblems(model, route.ranges ?? [], model.params),
  ];
}

/** For a model without a route, that is the only problem; problems that follow from it are not reported. */
function problemsOf(check: () => readonly ConfigProblem[]): readonly ConfigProblem[] {
  try {
    return check();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}
