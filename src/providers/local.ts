/** The embedded endpoint: the OpenAI dialect at the address it was started on, without a key. */

import { InputError } from '../errors.ts';
import type { ModelConfig } from '../types.ts';
import { createClient } from './client.ts';
import { isLoopback, parseEndpoint } from './endpoint-url.ts';
import { chatCarriage, openai, openaiWire } from './openai.ts';
import type { Provider } from './provider.ts';
import { wireIdentity } from './wire-settings.ts';

/** Stands for the endpoint until it is started, and in hashes: its port is another one in each run. */
const PLACEHOLDER = new URL('http://localhost/v1/chat/completions');

export const local: Provider = {
  description: 'the embedded endpoint with real models for machines without an account',
  modalities: ['text', 'image', 'audio'],
  carries: (model) => ({ ...chatCarriage(model, true), imageUrl: false, audioUrl: false }),
  url: (model) => (model.endpoint === undefined ? PLACEHOLDER.href : openai.url(model)),
  auth: () => ({ type: 'none' }),
  problems: (model, env) => (model.endpoint === undefined ? [] : openai.problems(withoutAuth(model), env)),
  notes: openai.notes,
  identity: (model) => (isElsewhere(model) ? openai.identity(model) : wireIdentity(model, PLACEHOLDER)),
  create: (model, context) => {
    if (model.endpoint === undefined)
      throw new InputError({ message: `${model.id}: the embedded endpoint was not started` });
    const open = withoutAuth(model);
    return createClient(
      open,
      () => ({ ...openaiWire(open), carriage: local.carries(open) }),
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
