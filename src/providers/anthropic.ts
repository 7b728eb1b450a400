/** Anthropic Messages: text and images; audio is refused before anything is sent. */

import type { ChatRequest, ContentPart, GenerateParams, Message, ModelConfig } from '../types.ts';
import { type AuthRules, authOf, authProblems } from './auth.ts';
import { azureScope, isAzureHost } from './azure-endpoint.ts';
import { plainText } from './chat-body.ts';
import { createClient, type Wire } from './client.ts';
import { parseEndpoint, pathOf, withPath } from './endpoint-url.ts';
import { type Json, MediaText } from './http/json-chunks.ts';
import { proxyProblems } from './http/proxy.ts';
import type { SourceOf } from './media-source.ts';
import { messagesFold, readMessagesReply } from './messages-reply.ts';
import {
  assertRanges,
  azureMembersNotSent,
  detailNotSent,
  modelProblems,
  notSent,
  rangeProblems,
} from './model-problems.ts';
import type { MediaSupport, Provider } from './provider.ts';
import { shownUrl, wireSettings } from './wire-settings.ts';

const OWN_ENDPOINT = 'https://api.anthropic.com';
const MESSAGES = '/messages';
/** The only version there is of the stable protocol. */
const PROTOCOL_VERSION = '2023-06-01';
/** The protocol requires `max_tokens`; this is sent where `maxTokens` is not configured, and every current model takes it. */
const DEFAULT_MAX_TOKENS = 4096;

/** Of the protocol's own schema, narrower than OpenAI's. */
const RANGES = [
  { name: 'temperature', wire: 'temperature', low: 0, high: 1 },
  { name: 'topP', wire: 'top_p', low: 0, high: 1 },
] as const;

const MEDIA_SUPPORT: MediaSupport = {
  modalities: ['text', 'image'],
  imageTypes: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  imageUrl: true,
  audioUrl: false,
};

export const anthropic: Provider = {
  description: 'Anthropic Messages: text and images',
  modalities: MEDIA_SUPPORT.modalities,
  mediaSupport: () => MEDIA_SUPPORT,
  url: (model) => shownUrl(messagesUrl(model)),
  auth: (model) => authOf(model, authRules(model)),
  problems: (model, env) =>
    modelProblems(model, () => [
      ...authProblems(model, authRules(model), env),
      ...proxyProblems(model, messagesUrl(model), env),
      ...rangeProblems(model, RANGES, model.params),
    ]),
  notes: (model) => [
    ...notSent(model, unknownParams(model.params), 'the Messages protocol has no such setting'),
    ...detailNotSent(model),
    ...azureMembersNotSent(model),
  ],
  wireSettings: (model) => wireSettings(model, messagesUrl(model)),
  create: (model, context) =>
    createClient(model, () => messagesWire(model), anthropic.problems(model, context.env), context),
};

function messagesWire(model: ModelConfig): Wire {
  return {
    url: messagesUrl(model),
    auth: authRules(model),
    support: MEDIA_SUPPORT,
    outgoing: (request, sourceOf) => {
      assertRanges(model, RANGES, request.params);
      return { body: messagesBody(request, model, sourceOf), headers: { 'anthropic-version': PROTOCOL_VERSION } };
    },
    read: readMessagesReply,
    fold: messagesFold,
  };
}

/** A host, a path that ends in `/v1`, or the whole route; Foundry has it below `/anthropic`. */
function messagesUrl(model: ModelConfig): URL {
  const pasted = parseEndpoint(model.endpoint ?? OWN_ENDPOINT, model.id);
  const path = pathOf(pasted);
  if (path.endsWith(MESSAGES)) return withPath(pasted, path);
  return withPath(pasted, `${path.endsWith('/v1') ? path : `${path}/v1`}${MESSAGES}`);
}

function authRules(model: ModelConfig): AuthRules {
  const url = messagesUrl(model);
  return {
    url,
    keyHeaders: (key) => ({ 'x-api-key': key }),
    ...(url.hostname === 'api.anthropic.com' ? { defaultEnv: 'ANTHROPIC_API_KEY' } : {}),
    ...(isAzureHost(url.hostname) ? { scope: azureScope(url) } : {}),
  };
}

function messagesBody(request: ChatRequest, model: ModelConfig, sourceOf: SourceOf): Json {
  const { params } = request;
  const system = request.messages.filter(({ role }) => role === 'system').map(({ content }) => plainText(content));
  const turns = request.messages.filter(({ role }) => role !== 'system');
  return {
    model: model.model,
    max_tokens: params.maxTokens ?? DEFAULT_MAX_TOKENS,
    system: system.length === 0 ? undefined : system.join('\n'),
    messages: turns.map((message) => messagesTurn(message, sourceOf)),
    temperature: params.temperature,
    top_p: params.topP,
    stop_sequences: params.stop,
    output_config: outputConfig(params),
    ...(model.stream === true ? { stream: true } : {}),
    ...(model.extraBody as { readonly [member: string]: Json } | undefined),
  };
}

/** Absent where nothing of it is configured. */
function outputConfig({ reasoningEffort, responseFormat }: GenerateParams): Json {
  const format =
    responseFormat?.type === 'json_schema' ? { type: 'json_schema', schema: responseFormat.schema as Json } : undefined;
  return reasoningEffort === undefined && format === undefined ? undefined : { effort: reasoningEffort, format };
}

/** JSON without a schema cannot be asked for. */
function unknownParams({ responseFormat }: GenerateParams): readonly (keyof GenerateParams)[] {
  const format = responseFormat?.type === 'json_object' ? (['responseFormat'] as const) : [];
  return ['seed', 'frequencyPenalty', 'presencePenalty', ...format];
}

function messagesTurn({ role, content }: Message, sourceOf: SourceOf): Json {
  if (content.every(({ type }) => type === 'text')) return { role, content: plainText(content) };
  return { role, content: content.map((part) => messagesPart(part, sourceOf)) };
}

function messagesPart(part: ContentPart, sourceOf: SourceOf): Json {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const source = sourceOf(part);
  return {
    type: 'image',
    source:
      source.type === 'url'
        ? { type: 'url', url: source.url }
        : { type: 'base64', media_type: source.mediaType, data: new MediaText('', source.base64) },
  };
}
