/** Starts the embedded endpoint for its models, and stops it afterwards. */

import { isEmbedded } from '../models/embedded.ts';
import type { ModelConfig } from '../types.ts';
import { isLocalModelName } from './models/registry.ts';

/** The models with their endpoint, and the function that stops it. */
export interface WithEndpoint {
  readonly models: readonly ModelConfig[];
  close(): Promise<void>;
}

/** Loads only the recognisers of these models; without local models it starts nothing. */
export async function withLocalEndpoint(models: readonly ModelConfig[]): Promise<WithEndpoint> {
  const local = models.filter(isUnstarted);
  if (local.length === 0) return { models, close: async () => {} };
  const names = [...new Set(local.map(({ model }) => model))].filter(isLocalModelName);
  // Most runs have no local model and need not load its modules.
  const { startLocalServer } = await import('./server.ts');
  const server = await startLocalServer({ models: names });
  return {
    models: models.map((model) => (isUnstarted(model) ? { ...model, endpoint: server.url } : model)),
    close: server.close,
  };
}

function isUnstarted(model: ModelConfig): boolean {
  return isEmbedded(model) && model.endpoint === undefined;
}
