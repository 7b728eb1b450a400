/** Providers that users write themselves: a function that answers one request. */

import { InputError, ProviderError } from '../errors.ts';
import { mediaLimits } from '../models/model-facts.ts';
import { FAILURE_KINDS, type FailureKind } from '../result.ts';
import {
  type ChatRequest,
  type Completion,
  type FinishReason,
  type Media,
  type Modality,
  type ModelConfig,
  NO_USAGE,
  type Usage,
} from '../types.ts';
import { abortFailure } from './http/transport-failure.ts';
import { apiProblems } from './model-problems.ts';
import type { Provider, ProviderContext } from './provider.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { wireSettings } from './wire-settings.ts';

/** One request to a provider of your own. */
export interface UserRequest extends Pick<ChatRequest, 'messages' | 'params'> {
  readonly model: Pick<ModelConfig, 'id' | 'model' | 'endpoint' | 'headers' | 'extraBody'>;
  /** Variables of the process and of `.env`, for keys. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the time of the attempt is over, or the run stops. */
  readonly signal: AbortSignal;
  /** Reads an image or a clip of a message. */
  loadMedia(media: Media): Promise<{ readonly mediaType: string; readonly base64: string }>;
}

/** An answer, and what is known of it. */
export interface UserCompletion {
  readonly text: string;
  /** Default `stop`; `length` = the answer was cut at the token limit. */
  readonly finishReason?: FinishReason;
  readonly refused?: boolean;
  /** Counts that are left out are not reported. */
  readonly usage?: Partial<Usage>;
  readonly servedModel?: string;
  readonly requestId?: string;
  /** What the model thought before its answer. */
  readonly reasoning?: string;
}

/** A provider of your own. */
export interface UserProvider {
  /** Names it in the configuration. Of a file, the path in the configuration is the name. */
  readonly name?: string;
  /** Raise it when the same request may be sent in another way than before: earlier answers are then not used. Default 1. */
  readonly version?: number;
  /** What it can send at all; default text, image and audio. */
  readonly modalities?: readonly Modality[];
  /**
   * Makes one attempt. An error with a `kind` of `FAILURE_KINDS` is that failure, and `rate_limit`, `server`, `network` and
   * `timeout` are tried again; any other error is `invalid_response`.
   */
  complete(request: UserRequest): Promise<UserCompletion>;
}

/**
 * Describes a provider of your own, for `evaluate({ providers })`, or as the default export of a file that the configuration
 * names.
 *
 * @example
 * import { defineProvider } from 'earsight';
 *
 * export default defineProvider({
 *   name: 'upper-case',
 *   modalities: ['text'],
 *   complete: async ({ messages }) => {
 *     const [part] = messages.at(-1)?.content ?? [];
 *     return { text: part?.type === 'text' ? part.text.toUpperCase() : '' };
 *   },
 * });
 */
export function defineProvider(provider: UserProvider): UserProvider {
  return provider;
}

/** What the program needs of a user's provider. */
export function userProvider({
  version = 1,
  modalities = ['text', 'image', 'audio'],
  complete,
}: UserProvider): Provider {
  const urlOf = (model: ModelConfig) => model.endpoint ?? `code:${encodeURIComponent(model.provider)}`;
  return {
    description: 'a provider of your own',
    modalities,
    mediaSupport: (model) => ({ ...mediaLimits(model), modalities, imageUrl: true, audioUrl: true }),
    url: (model) => model.filledIn?.hide(urlOf(model)) ?? urlOf(model),
    auth: (model) => model.auth ?? { type: 'none' },
    problems: (model) => [
      ...(URL.canParse(urlOf(model)) ? [] : [{ message: `${model.id}: endpoint is not a URL` }]),
      ...apiProblems(model, []),
    ],
    notes: () => [],
    speaks: () => true,
    heard: (messages) => messages,
    announcements: () => [],
    earlier: () => null,
    wireSettings: (model) => ({ ...Object(wireSettings(model, new URL(urlOf(model)))), version }),
    create: (model, context) => ({
      complete: (request, { signal }) => attempt(complete, model, context, request, signal),
    }),
    batchProblem: () => 'a provider of your own has no batch API',
    openBatch: async ({ id }) => {
      throw new InputError({ message: `${id}: a provider of your own has no batch API` });
    },
  };
}

async function attempt(
  complete: UserProvider['complete'],
  model: ModelConfig,
  { env, media }: ProviderContext,
  { messages, params }: ChatRequest,
  signal: AbortSignal,
): Promise<Completion> {
  const secrets = createSecrets(model.filledIn);
  signal.throwIfAborted();
  try {
    const request: UserRequest = {
      ...{ messages, params, model, env, signal },
      async loadMedia(one) {
        const { mediaType, base64 } = await media.load(one, model.media);
        return { mediaType, base64: base64.toString('latin1') };
      },
    };
    return completionOf(secrets.hideInReply(await beforeAbort(complete(request), signal)));
  } catch (error) {
    throw failureOf(error, signal, secrets);
  }
}

/** Code that does not heed the signal must not hold the run. */
function beforeAbort<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    Promise.resolve(answer)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

function completionOf(answer: UserCompletion): Completion {
  if (typeof answer?.text !== 'string') throw new ProviderError('invalid_response', 'the provider returned no text');
  const {
    text,
    finishReason = 'stop',
    refused = false,
    usage,
    servedModel = null,
    requestId = null,
    reasoning,
  } = answer;
  return {
    ...{ text, finishReason, refused, servedModel, requestId },
    usage: usage === undefined ? null : { ...NO_USAGE, ...usage },
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function failureOf(error: unknown, signal: AbortSignal, secrets: Secrets): ProviderError {
  if (signal.aborted) return abortFailure(signal);
  if (error instanceof ProviderError) return error;
  const message = secrets.hide(error instanceof Error ? error.message : String(error));
  const kind: unknown = typeof error === 'object' && error !== null && 'kind' in error ? error.kind : undefined;
  const known = FAILURE_KINDS.find((one): one is FailureKind => one === kind);
  return new ProviderError(
    known ?? 'invalid_response',
    known === undefined ? `the provider failed: ${message}` : message,
  );
}
