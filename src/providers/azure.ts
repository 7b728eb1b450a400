/** Azure AI Foundry in all its forms: the Model Inference routes, Azure OpenAI, Foundry v1, serverless and managed endpoints. */

import type { ModelConfig } from '../types.ts';
import { type AuthRules, authOf, authProblems } from './auth.ts';
import { type AzureEndpoint, azureEndpoint, isAzureHost } from './azure-endpoint.ts';
import { chatBody } from './chat-body.ts';
import { readChatReply } from './chat-reply.ts';
import { chatFold } from './chat-stream.ts';
import { createClient, type Wire } from './client.ts';
import { proxyProblems } from './http/proxy.ts';
import { assertRanges, modelProblems, type ParamRange, rangeProblems } from './model-problems.ts';
import { chatMediaSupport, chatNotes, encodingProblems } from './openai.ts';
import type { MediaSupport, Provider } from './provider.ts';
import { shownUrl, wireSettings } from './wire-settings.ts';

/** What the Model Inference schema knows; other members go with `extra-parameters: pass-through`. */
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

export const azure: Provider = {
  description: 'Azure AI Foundry: /models, /openai/v1, deployments, projects, serverless and managed endpoints',
  modalities: ['text', 'image', 'audio'],
  mediaSupport: mediaSupportOf,
  url: (model) => shownUrl(azureEndpoint(model).url),
  auth: (model) => authOf(model, authRules(azureEndpoint(model))),
  problems: (model, env) =>
    modelProblems(model, () => {
      const endpoint = azureEndpoint(model);
      return [
        ...authProblems(model, authRules(endpoint), env),
        ...proxyProblems(model, endpoint.url, env),
        ...encodingProblems(model, mediaSupportOf(model)),
        ...rangeProblems(model, rangesOf(endpoint), model.params),
      ];
    }),
  notes: chatNotes,
  wireSettings: (model) => wireSettings(model, azureEndpoint(model).url),
  create: (model, context) => createClient(model, () => azureWire(model), azure.problems(model, context.env), context),
};

function azureWire(model: ModelConfig): Wire {
  const endpoint = azureEndpoint(model);
  return {
    url: endpoint.url,
    auth: authRules(endpoint),
    support: mediaSupportOf(model),
    outgoing: (request, sourceOf) => {
      assertRanges(model, rangesOf(endpoint), request.params);
      const body = chatBody(request, model, { developerRole: !isModelInference(endpoint) }, sourceOf);
      const headers = {
        'x-ms-client-request-id': request.clientRequestId,
        ...(model.deployment === undefined ? {} : { 'azureml-model-deployment': model.deployment }),
        ...(isModelInference(endpoint) && hasUnknownMember(body) ? { 'extra-parameters': 'pass-through' } : {}),
      };
      return { body, headers };
    },
    read: readChatReply,
    fold: chatFold,
  };
}

function authRules({ url, scope, bearerKey }: AzureEndpoint): AuthRules {
  return {
    url,
    scope,
    keyHeaders: (key) => ({ 'api-key': key, ...(bearerKey ? { authorization: `Bearer ${key}` } : {}) }),
    ...(isAzureHost(url.hostname) ? { defaultEnv: 'AZURE_INFERENCE_CREDENTIAL' } : {}),
  };
}

/** `audio_url` belongs to the Model Inference dialect; the OpenAI schemas of Azure refuse it. */
function mediaSupportOf(model: ModelConfig): MediaSupport {
  return chatMediaSupport(model, isModelInference(azureEndpoint(model)));
}

function isModelInference({ kind }: AzureEndpoint): boolean {
  return kind !== 'deployments' && kind !== 'v1';
}

function hasUnknownMember(body: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(body).some(([name, value]) => value !== undefined && !MODEL_INFERENCE_MEMBERS.has(name));
}

/** The ranges of the Model Inference schema, narrower than OpenAI's. */
function rangesOf(endpoint: AzureEndpoint): readonly ParamRange[] {
  return isModelInference(endpoint) ? MODEL_INFERENCE_RANGES : [];
}

const MODEL_INFERENCE_RANGES = [
  { name: 'temperature', wire: 'temperature', low: 0, high: 1 },
  { name: 'topP', wire: 'top_p', low: 0, high: 1 },
  { name: 'frequencyPenalty', wire: 'frequency_penalty', low: -2, high: 2 },
  { name: 'presencePenalty', wire: 'presence_penalty', low: -2, high: 2 },
] as const;
