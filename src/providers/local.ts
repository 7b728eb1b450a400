/** The embedded endpoint: the OpenAI dialect at the address it was started on, without a key. */

import { InputError } from '../errors.ts';
import type { ModelConfig } from '../types.ts';
import { createClient } from './client.ts';
import { isLoopback, parseEndpoint } from './endpoint-url.ts';
import { chatMediaSupport, openai, openaiWire } from './openai.ts';
import type { Provider } from './provider.ts';
import { wireSettings } from './wire-settings.ts';

/** Stands for the endpoint until it is started, and in hashes: its port is another one in each run. */
const PLACEHOLDER = new URL('http://localhost/v1/chat/completions');

export const local: Provider = {
  description: 'the embedded endpoint with real models for machines without an account',
  modalities: ['text', 'image', 'audio'],
  mediaSupport: (model) => ({ ...chatMediaSupport(model, true), imageUrl: false, audioUrl: false }),
  url: (model) => (model.endpoint === undefined ? PLACEHOLDER.href : openai.url(model)),
  auth: () => ({ type: 'none' }),
  problems: (model, env) => (model.endpoint === undefined ? [] : openai.problems(withoutAuth(model), env)),
  notes: openai.notes,
  wireSettings: (model) => (isElsewhere(model) ? openai.wireSettings(model) : wireSettings(model, PLACEHOLDER)),
  create: (model, context) => {
    if (model.endpoint === undefined)
      throw new InputError({ message: `${model.id}: the embedded endpoint was not started` });
    const open = withoutAuth(model);
    return createClient(
      open,
      () => ({ ...openaiWire(open), support: local.mediaSupport(open) }),
      local.problems(open, context.env),
      context,
    );
  },
};

/** On another machine: it may be of another version. Here only the port differs from run to run. */
function isElsewhere({ endpoint, id }: ModelConfig): boolean {
  return endpoint !== undefined && !isLoopback(parseEndpoint(endpoint, id));
}

function withoutAuth(model: ModelConfig): ModelConfig {
  return { ...model, auth: { type: 'none' } };
}
