/** Azure AI Foundry: the Model Inference routes, Azure OpenAI, Foundry v1, serverless and managed endpoints. */

import { InputError } from '../errors.ts';
import { isAzureHost } from '../models/host.ts';
import type { ChatRequest, ModelConfig } from '../types.ts';
import type { AuthRules } from './auth.ts';
import { type AzureEndpoint, azureEndpoint, earlierEndpoint } from './azure-endpoint.ts';
import type { BatchRoute } from './batch/batch-client.ts';
import { filesBatch } from './batch/files-route.ts';
import { chatBody } from './chat-body.ts';
import { chatCompletions } from './chat-completions.ts';
import { defineProvider } from './define-provider.ts';
import { apiPath } from './endpoint-url.ts';
import { type JsonObject, jsonBody } from './http/json-body.ts';
import type { ParamRange } from './model-problems.ts';
import { openaiParams } from './openai.ts';
import { responses } from './responses.ts';
import type { Route } from './route.ts';

/** The members in the Model Inference schema; others need the header `extra-parameters: pass-through`. */
const MODEL_INFERENCE_MEMBERS: ReadonlySet<string> = new Set([
  'messages',
  'model',
  'frequency_penalty',
  'presence_penalty',
  'temperature',
  'top_p',
  'max_tokens',
  'response_format',
  'stop',
  'stream',
  'tools',
  'tool_choice',
  'seed',
  'modalities',
  'user_security_context',
]);

/** The ranges in the Model Inference schema, narrower than OpenAI's. */
const MODEL_INFERENCE_RANGES: readonly ParamRange[] = [
  { name: 'temperature', wire: 'temperature', low: 0, high: 1 },
  { name: 'topP', wire: 'top_p', low: 0, high: 1 },
  { name: 'frequencyPenalty', wire: 'frequency_penalty', low: -2, high: 2 },
  { name: 'presencePenalty', wire: 'presence_penalty', low: -2, high: 2 },
];

export const azure = defineProvider({
  description: 'Azure AI Foundry: /models, /openai/v1, deployments, projects, serverless and managed endpoints',
  modalities: ['text', 'image', 'audio', 'document'],
  sends: ['detail', 'apiVersion', 'deployment'],
  route: azureRoute,
  apis: ['chat', 'responses'],
  speaks: ({ api }) => api !== 'responses',
  params: openaiParams,
  announcements: endOfModelInference,
  earlier: (model) => {
    const endpoint = earlierEndpoint(model);
    return endpoint === null ? null : { ...model, endpoint };
  },
});

/** The endpoint may not be known yet: then there is nothing to say. */
function endOfModelInference(model: ModelConfig): readonly string[] {
  const { kind, url } = endpointIfKnown(model) ?? {};
  if (kind !== 'models' || url === undefined || !isAzureHost(url.hostname)) return [];
  return [
    `${model.id}: Microsoft announced the end of the model inference API (/models) for 2026-08-26 · use ${url.origin}/openai/v1`,
  ];
}

function endpointIfKnown(model: ModelConfig): AzureEndpoint | null {
  try {
    return azureEndpoint(model);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** `audio_url` belongs to the Model Inference schema; Azure's OpenAI schemas reject it. */
function azureRoute(model: ModelConfig): Route {
  const endpoint = azureEndpoint(model);
  if (model.api === 'responses') return responsesRoute(model, endpoint);
  const isModelInference = endpoint.kind !== 'deployments' && endpoint.kind !== 'v1';
  const rules = {
    developerRole: !isModelInference,
    audioUrl: isModelInference,
    file: endpoint.kind === 'v1',
    videoUrl: false,
  };
  return {
    url: endpoint.url,
    auth: authRules(endpoint),
    batch: batchRoute(endpoint, apiPath(model)),
    ranges: isModelInference ? MODEL_INFERENCE_RANGES : [],
    ...chatCompletions(model, rules),
    outgoing: (request, sourceOf) => {
      const body = chatBody(request, model, rules, sourceOf);
      return {
        body: jsonBody(body),
        headers: azureHeaders(request, model, isModelInference && hasUnknownMember(body)),
      };
    },
  };
}

/** Projects reject longer data URLs (Azure/azure-sdk-for-python #48364). */
const MAX_DATA_URL_OF_PROJECT = 65_520;

function responsesRoute(model: ModelConfig, endpoint: AzureEndpoint): Route {
  const isProject = endpoint.url.pathname.includes('/api/projects/');
  const route = responses(model, isProject ? { maxDataUrlCharacters: MAX_DATA_URL_OF_PROJECT } : {});
  return {
    url: endpoint.url,
    auth: authRules(endpoint),
    batch: batchRoute(endpoint, apiPath(model)),
    ...route,
    outgoing: (request, sourceOf) => ({
      ...route.outgoing(request, sourceOf),
      headers: azureHeaders(request, model, false),
    }),
  };
}

/** The Model Inference routes have no batches. */
function batchRoute({ kind, url }: AzureEndpoint, route: string): BatchRoute {
  if (kind === 'v1' || kind === 'deployments') return filesBatch(url, route, true);
  return { type: 'none', reason: `the ${kind === 'models' ? '/models route' : 'endpoint'} has no batch API` };
}

function authRules({ url, scope, otherScope, bearerKey }: AzureEndpoint): AuthRules {
  return {
    scope,
    otherScope,
    keyHeaders: (key) => ({ 'api-key': key, ...(bearerKey ? { authorization: `Bearer ${key}` } : {}) }),
    defaultEnv: isAzureHost(url.hostname) ? 'AZURE_INFERENCE_CREDENTIAL' : undefined,
  };
}

function azureHeaders(
  { clientRequestId }: ChatRequest,
  { deployment }: ModelConfig,
  passThrough: boolean,
): Readonly<Record<string, string>> {
  return {
    'x-ms-client-request-id': clientRequestId,
    ...(deployment === undefined ? {} : { 'azureml-model-deployment': deployment }),
    ...(passThrough ? { 'extra-parameters': 'pass-through' } : {}),
  };
}

function hasUnknownMember(body: JsonObject): boolean {
  return Object.entries(body).some(([name, value]) => value !== undefined && !MODEL_INFERENCE_MEMBERS.has(name));
}
