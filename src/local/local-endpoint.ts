/** Starts the embedded endpoint around whatever talks to `provider: local`, and ends it afterwards. */

import type { ModelConfig } from '../types.ts';
import { isLocalModelName } from './models/registry.ts';

/** The models with the endpoint they will find, and what ends it. */
export interface WithEndpoint {
  readonly models: readonly ModelConfig[];
  close(): Promise<void>;
}

/** Loads only the recognisers that are asked for; without any of them nothing is started. */
export async function withLocalEndpoint(models: readonly ModelConfig[]): Promise<WithEndpoint> {
  const local = models.filter((model) => isEmbedded(model));
  if (local.length === 0) return { models, close: async () => {} };
  const names = [...new Set(local.map(({ model }) => model))].filter(isLocalModelName);
  // Most runs start none, and need not wait until its modules are read.
  const { startLocalServer } = await import('./server.ts');
  const server = await startLocalServer({ models: names });
  return {
    models: models.map((model) => (isEmbedded(model) ? { ...model, endpoint: server.url } : model)),
    close: server.close,
  };
}

function isEmbedded({ provider, endpoint }: ModelConfig): boolean {
  return provider === 'local' && endpoint === undefined;
}
