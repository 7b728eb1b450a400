/** Anthropic Messages: text, images and PDF documents; audio is reported as unsupported before anything is sent. */

import { isAzureHost } from '../models/host.ts';
import type { GenerateParams, ModelConfig } from '../types.ts';
import { azureScopes } from './azure-endpoint.ts';
import type { BatchRoute } from './batch/batch-client.ts';
import { defineProvider } from './define-provider.ts';
import { parseEndpoint, pathOf, withPath } from './endpoint-url.ts';
import { jsonBody } from './http/json-body.ts';
import { messagesBody } from './messages-body.ts';
import { messagesFold, readMessagesReply } from './messages-reply.ts';
import type { ParamRange } from './model-problems.ts';
import type { MediaSupport } from './provider.ts';
import type { Route } from './route.ts';

const OWN_ENDPOINT = 'https://api.anthropic.com';
const OWN_HOST = 'api.anthropic.com';
const MESSAGES = '/messages';
/** The only version of the stable protocol. */
const PROTOCOL_VERSION = '2023-06-01';
/** The ranges in the protocol's schema, narrower than OpenAI's. */
const RANGES: readonly ParamRange[] = [
  { name: 'temperature', wire: 'temperature', low: 0, high: 1 },
  { name: 'topP', wire: 'top_p', low: 0, high: 1 },
];

const MEDIA: MediaSupport = {
  modalities: ['text', 'image', 'document'],
  imageTypes: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  imageUrl: true,
  audioUrl: false,
  documentUrl: true,
};

export const anthropic = defineProvider({
  description: 'Anthropic Messages: text, images and PDF documents',
  modalities: MEDIA.modalities,
  sends: [],
  route: messagesRoute,
  params: ({ params }) => ({
    notSent: unknownParams(params),
    why: 'the Messages protocol has no such setting',
    formatWithout: ['name', 'strict'],
  }),
});

function messagesRoute(model: ModelConfig): Route {
  const url = messagesUrl(model);
  return {
    url,
    auth: {
      keyHeaders: (key) => ({ 'x-api-key': key }),
      defaultEnv: url.hostname === OWN_HOST ? 'ANTHROPIC_API_KEY' : undefined,
      ...(isAzureHost(url.hostname) ? azureScopes(url) : {}),
    },
    media: MEDIA,
    batch: batchRoute(url),
    ranges: RANGES,
    outgoing: (request, sourceOf) => ({
      body: jsonBody(messagesBody(request, model, sourceOf)),
      headers: { 'anthropic-version': PROTOCOL_VERSION },
    }),
    reply: { read: readMessagesReply, fold: messagesFold },
  };
}

/** Takes a host, a path that ends in `/v1`, or the whole route; on Foundry it is below `/anthropic`. */
function messagesUrl(model: ModelConfig): URL {
  const pasted = parseEndpoint(model.endpoint ?? OWN_ENDPOINT, model.id);
  const path = pathOf(pasted);
  if (path.endsWith(MESSAGES)) return withPath(pasted, path);
  return withPath(pasted, `${path.endsWith('/v1') ? path : `${path}/v1`}${MESSAGES}`);
}

/**
 * Microsoft lists Messages and the counting of tokens as the APIs of Claude on Foundry, and no batches
 * (https://learn.microsoft.com/azure/foundry/foundry-models/concepts/claude-models, "API overview", 2026-09-21).
 */
function batchRoute(url: URL): BatchRoute {
  return isAzureHost(url.hostname)
    ? { type: 'none', reason: 'Claude on Microsoft Foundry has no Message Batches' }
    : { type: 'messages', batchesUrl: withPath(url, `${url.pathname}/batches`) };
}

/** The protocol cannot request JSON without a schema. */
function unknownParams({ responseFormat }: GenerateParams): readonly (keyof GenerateParams)[] {
  const format = responseFormat?.type === 'json_object' ? (['responseFormat'] as const) : [];
  return ['seed', 'frequencyPenalty', 'presencePenalty', ...format];
}
