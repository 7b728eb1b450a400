/** The embedded endpoint: chat completions at the address it was started on, without a key. */

import { InputError } from '../errors.ts';
import { isLoopback } from '../text/loopback.ts';
import type { Modality, ModelConfig } from '../types.ts';
import { chatParams } from './chat-completions.ts';
import { defineProvider } from './define-provider.ts';
import { parseEndpoint } from './endpoint-url.ts';
import { openaiRoute } from './openai.ts';
import type { ConfigProblem, Provider } from './provider.ts';
import type { Route } from './route.ts';
import { wireSettings } from './wire-settings.ts';

/** Used before the endpoint is started, and in hashes: its port differs from run to run. */
const PLACEHOLDER = new URL('http://localhost/v1/chat/completions');

const MODALITIES: readonly Modality[] = ['text', 'image', 'audio'];

const started = defineProvider({
  description: 'the embedded endpoint with real models for machines without an account',
  modalities: MODALITIES,
  sends: ['detail'],
  route: localRoute,
  params: chatParams,
});

export const local: Provider = {
  ...started,
  problems: (model, env) => [
    ...(model.endpoint === undefined ? [] : started.problems(model, env)),
    ...formatProblems(model),
  ],
  wireSettings: (model) => (isElsewhere(model) ? started.wireSettings(model) : wireSettings(model, PLACEHOLDER)),
  create: (model, context) => {
    if (model.endpoint === undefined)
      throw new InputError({ message: `${model.id}: the embedded endpoint was not started` });
    return started.create(model, context);
  },
};

/** The embedded endpoint answers such a request with an error. */
function formatProblems({ id, params: { responseFormat } }: ModelConfig): readonly ConfigProblem[] {
  if (responseFormat === undefined || responseFormat.type === 'text') return [];
  return [
    {
      message: `${id}: the embedded models answer plain text only: they have no responseFormat`,
      hint: 'leave it out',
      member: ['params', 'responseFormat'],
    },
  ];
}

/** It fetches nothing, so media must travel as bytes. */
function localRoute(model: ModelConfig): Route {
  const { modelsUrl: _, batch: __, ...route } = openaiRoute({ ...model, endpoint: model.endpoint ?? PLACEHOLDER.href });
  return { ...route, auth: null, media: { ...route.media, modalities: MODALITIES, imageUrl: false, audioUrl: false } };
}

/** An endpoint on another machine may be of another version; on this machine only the port differs from run to run. */
function isElsewhere({ endpoint, id }: ModelConfig): boolean {
  return endpoint !== undefined && !isLoopback(parseEndpoint(endpoint, id));
}
