/** Starts the embedded endpoint for models of `provider: local`, and stops it afterwards. */

import type { ModelConfig } from '../types.ts';
import { isLocalModelName } from './models/registry.ts';

/** The models with their endpoint, and the function that stops it. */
export interface WithEndpoint {
  readonly models: readonly ModelConfig[];
  close(): Promise<void>;
}

/** Loads only the recognisers of these models; without local models it starts nothing. */
export async function withLocalEndpoint(models: readonly ModelConfig[]): Promise<WithEndpoint> {
  const local = models.filter((model) => isEmbedded(model));
  if (local.length === 0) return { models, close: async () => {} };
  const names = [...new Set(local.map(({ model }) => model))].filter(isLocalModelName);
  // Most runs have no local model and need not load its modules.
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
