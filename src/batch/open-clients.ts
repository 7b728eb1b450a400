/** Opens the batch APIs of the models of a run, each when it is first used. */

import { createSourceLoader } from '../dataset/media-loader.ts';
import type { Io } from '../io.ts';
import { providerOf } from '../plan/model-provider.ts';
import type { Setup } from '../plan/prepare.ts';
import type { BatchClient } from '../providers/batch/batch-client.ts';
import type { ModelConfig } from '../types.ts';

export interface BatchClients {
  /** @throws {InputError} for a model without a batch API. */
  of(model: ModelConfig): Promise<BatchClient>;
  close(): Promise<void>;
}

export function openClients(
  { config, source }: Pick<Setup, 'config' | 'source'>,
  { credential, stop }: Pick<Io, 'credential' | 'stop'>,
): BatchClients {
  const clients = new Map<string, Promise<BatchClient>>();
  const context = {
    env: config.env,
    media: createSourceLoader(source, { signal: stop }),
    ...(credential === undefined ? {} : { credential }),
  };
  return {
    of(model) {
      const client = clients.get(model.id) ?? providerOf(model).openBatch(model, context);
      clients.set(model.id, client);
      return client;
    },
    async close() {
      for (const end of await Promise.allSettled(clients.values()))
        if (end.status === 'fulfilled') await end.value.close();
    },
  };
}
