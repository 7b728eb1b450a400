/** OpenAI and every server that speaks its chat completions: vLLM, Ollama, llama.cpp, LM Studio, OpenRouter, gateways. */

import type { ModelConfig } from '../types.ts';
import { type AuthRules, authOf, authProblems } from './auth.ts';
import { azureScope, isAzureHost } from './azure-endpoint.ts';
import { chatBody, droppedParams } from './chat-body.ts';
import { readChatReply } from './chat-reply.ts';
import { chatFold } from './chat-stream.ts';
import { createClient, type Wire } from './client.ts';
import { CHAT, parseEndpoint, pathOf, rejectOtherRoutes, withPath } from './endpoint-url.ts';
import { proxyProblems } from './http/proxy.ts';
import { azureMembersNotSent, modelProblems, notSent } from './model-problems.ts';
import type { ConfigProblem, MediaSupport, Provider } from './provider.ts';
import { shownUrl, wireSettings } from './wire-settings.ts';

const OWN_ENDPOINT = 'https://api.openai.com/v1';

/** What `input_audio` is specified for; other servers take what `audioFormats` says. */
const INPUT_AUDIO_TYPES: readonly string[] = ['audio/wav', 'audio/mpeg'];

export const openai: Provider = {
  description: 'OpenAI and any server with its chat completions: vLLM, Ollama, llama.cpp, LM Studio, OpenRouter',
  modalities: ['text', 'image', 'audio'],
  mediaSupport: mediaSupportOf,
  url: (model) => shownUrl(chatUrl(model)),
  auth: (model) => authOf(model, authRules(model)),
  problems: (model, env) =>
    modelProblems(model, () => [
      ...authProblems(model, authRules(model), env),
      ...proxyProblems(model, chatUrl(model), env),
      ...encodingProblems(model, mediaSupportOf(model)),
    ]),
  notes: (model) => [...chatNotes(model), ...azureMembersNotSent(model)],
  wireSettings: (model) => wireSettings(model, chatUrl(model)),
  create: (model, context) =>
    createClient(model, () => openaiWire(model), openai.problems(model, context.env), context),
};

/** The settings of a reasoning model that its endpoint would refuse. */
export function chatNotes(model: ModelConfig): readonly string[] {
  return notSent(model, droppedParams(model.params, model), 'reasoning models refuse it');
}

/** The dialect at an endpoint that ends in `/v1` or in the whole route; a bare host gets both. */
export function openaiWire(model: ModelConfig): Wire {
  return {
    url: chatUrl(model),
    auth: authRules(model),
    support: mediaSupportOf(model),
    outgoing: (request, sourceOf) => ({
      body: chatBody(request, model, { developerRole: true }, sourceOf),
      headers: {},
    }),
    read: readChatReply,
    fold: chatFold,
  };
}

function chatUrl(model: ModelConfig): URL {
  const pasted = parseEndpoint(model.endpoint ?? OWN_ENDPOINT, model.id);
  // Where models are listed: what people paste because it answers in a browser.
  const path = pathOf(pasted).replace(/\/v1\/models$/, '/v1');
  rejectOtherRoutes(path, model.id);
  if (path.endsWith(CHAT)) return withPath(pasted, path);
  return withPath(pasted, `${path === '' ? '/v1' : path}${CHAT}`);
}

function authRules(model: ModelConfig): AuthRules {
  const url = chatUrl(model);
  return {
    url,
    keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
    ...(isOwnHost(url.hostname) ? { defaultEnv: 'OPENAI_API_KEY' } : {}),
    ...(isAzureHost(url.hostname) ? { scope: azureScope(url) } : {}),
  };
}

/** `audio_url` is no part of the schemas of OpenAI and of Azure's `/openai` routes; vLLM and others take it. */
function mediaSupportOf(model: ModelConfig): MediaSupport {
  const { hostname, pathname } = chatUrl(model);
  const isAzureOpenai = isAzureHost(hostname) && pathname.includes('/openai/');
  return chatMediaSupport(model, !isOwnHost(hostname) && !isAzureOpenai);
}

/** What chat completions carry; `audioUrl`: whether this server knows `audio_url`. */
export function chatMediaSupport({ audioEncoding }: ModelConfig, audioUrl: boolean): MediaSupport {
  return {
    modalities: ['text', 'image', 'audio'],
    imageUrl: true,
    audioUrl,
    ...(audioEncoding === 'audio_url' ? {} : { audioTypes: INPUT_AUDIO_TYPES }),
  };
}

/** An encoding that the server's schema refuses. */
export function encodingProblems(model: ModelConfig, { audioUrl }: MediaSupport): readonly ConfigProblem[] {
  return model.audioEncoding === 'audio_url' && !audioUrl
    ? [{ message: `${model.id}: this endpoint takes no audio_url`, hint: 'use audioEncoding: input_audio' }]
    : [];
}

function isOwnHost(host: string): boolean {
  return host === 'api.openai.com';
}
