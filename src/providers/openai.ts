/** OpenAI and every server with its chat completions: vLLM, Ollama, llama.cpp, LM Studio, OpenRouter, gateways. */

import { MODALITIES } from '../modalities.ts';
import { isAzureHost } from '../models/host.ts';
import type { ModelConfig } from '../types.ts';
import { azureScopes } from './azure-endpoint.ts';
import { filesBatch } from './batch/files-route.ts';
import { chatCompletions, chatParams } from './chat-completions.ts';
import { defineProvider } from './define-provider.ts';
import { apiPath, parseEndpoint, pathOf, rejectOtherRoutes, withPath } from './endpoint-url.ts';
import type { ParamUse } from './model-problems.ts';
import { responses, responsesParams } from './responses.ts';
import type { Route } from './route.ts';

const OWN_ENDPOINT = 'https://api.openai.com/v1';
const OWN_HOST = 'api.openai.com';

export const openai = defineProvider({
  description: 'OpenAI and any server with its chat completions: vLLM, Ollama, llama.cpp, LM Studio, OpenRouter',
  modalities: MODALITIES,
  sends: ['detail'],
  route: openaiRoute,
  apis: ['chat', 'responses'],
  speaks: ({ api }) => api !== 'responses',
  params: openaiParams,
});

/** What becomes of the parameters in OpenAI's protocols. */
export function openaiParams(model: ModelConfig): ParamUse {
  return model.api === 'responses' ? responsesParams(model) : chatParams(model);
}

/** `audio_url` is not part of the schemas of OpenAI and of Azure's `/openai` routes; vLLM and others take it. */
export function openaiRoute(model: ModelConfig): Route {
  const url = apiUrl(model);
  const route = apiPath(model);
  const isOwn = url.hostname === OWN_HOST;
  const isAzure = isAzureHost(url.hostname);
  return {
    url,
    auth: {
      keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
      defaultEnv: isOwn ? 'OPENAI_API_KEY' : undefined,
      ...(isAzure ? azureScopes(url) : {}),
    },
    ...(url.pathname.endsWith(route) ? { modelsUrl: withPath(url, url.pathname.replace(route, '/models')) } : {}),
    batch: filesBatch(url, route, isAzure),
    ...(model.api === 'responses'
      ? responses(model)
      : chatCompletions(model, {
          developerRole: true,
          audioUrl: !isOwn && !(isAzure && url.pathname.includes('/openai/')),
          file: true,
          videoUrl: !isOwn && !isAzure,
        })),
  };
}

/** Takes an endpoint that ends in `/v1` or in the whole route; a bare host gets both. */
function apiUrl(model: ModelConfig): URL {
  const pasted = parseEndpoint(model.endpoint ?? OWN_ENDPOINT, model.id);
  // Users paste the URL that lists the models, because it answers in a browser.
  const path = pathOf(pasted).replace(/\/v1\/models$/, '/v1');
  rejectOtherRoutes(path, model);
  const route = apiPath(model);
  if (path.endsWith(route)) return withPath(pasted, path);
  return withPath(pasted, `${path === '' ? '/v1' : path}${route}`);
}
