/** Looks up each model's provider and makes what the engine talks to. */

import { systemClock } from '../limits/clock.ts';
import { createGate } from '../limits/gate.ts';
import { createSharedQuotas } from '../limits/quota.ts';
import { createRequestSlots } from '../limits/slots.ts';
import { providerOf } from '../plan/model-provider.ts';
import { createPlanner } from '../plan/planned-request.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { MediaLoader, MediaTransform, ModelClient, ModelConfig } from '../types.ts';
import type { ModelRuntime } from './cell-context.ts';

/** A replay asks nobody, and needs no keys. */
const NOBODY: ModelClient = { complete: () => Promise.reject(new Error('a replay sends nothing')) };

/** Clients share connections and tokens through the one context; none are made when nothing will be sent. */
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
    /** Most requests at a time, over all models. */
    readonly inFlight: number;
  },
): Promise<readonly ModelRuntime[]> {
  const quotaOf = createSharedQuotas(models, systemClock, random);
  const requestSlots = createRequestSlots(inFlight);
  return Promise.all(
    models.map(async (config) => {
      // The very same context unless a transform must be bound: connections are shared by context.
      const own =
        config.media === undefined ? context : { ...context, media: transformed(context.media, config.media) };
      return {
        config,
        client: sends ? await providerOf(config).create(config, own) : NOBODY,
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
