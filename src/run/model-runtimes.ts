/** Creates the client, planner and gate of each model. */

import { systemClock } from '../limits/clock.ts';
import { createGate } from '../limits/gate.ts';
import { createSharedQuotas } from '../limits/quota.ts';
import { createRequestSlots } from '../limits/slots.ts';
import { providerOf } from '../plan/model-provider.ts';
import { createPlanner } from '../plan/planned-request.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { MediaLoader, MediaTransform, ModelClient, ModelConfig } from '../types.ts';
import type { ModelRuntime } from './cell-context.ts';

/** A replay sends nothing and needs no keys. */
const NO_CLIENT: ModelClient = { complete: () => Promise.reject(new Error('a replay sends nothing')) };

/** Clients share connections and access tokens through `context`; without `sends` no clients are created. */
export async function createRuntimes(
  models: readonly ModelConfig[],
  context: ProviderContext,
  {
    sends,
    random,
    inFlight,
  }: {
    readonly sends: boolean;
    readonly random: () => number;
    /** Most requests at the same time, over all models. */
    readonly inFlight: number;
  },
): Promise<readonly ModelRuntime[]> {
  const quotaOf = createSharedQuotas(models, systemClock, random);
  const requestSlots = createRequestSlots(inFlight);
  return Promise.all(
    models.map(async (config) => {
      // Use the same context object unless the model has a transform: connections are shared by context.
      const own =
        config.media === undefined ? context : { ...context, media: transformed(context.media, config.media) };
      return {
        config,
        client: sends ? await providerOf(config).create(config, own) : NO_CLIENT,
        planner: createPlanner(config),
        media: own.media,
        gate: createGate({ limits: config.limits, quota: quotaOf(config), clock: systemClock, requestSlots }),
      };
    }),
  );
}

function transformed(loader: MediaLoader, transform: MediaTransform): MediaLoader {
  return { load: (media) => loader.load(media, transform) };
}
