/** Creates the client, planner and gate of each model. */

import { changedMedia } from '../dataset/changed-media.ts';
import { InputError, ProviderError } from '../errors.ts';
import { systemClock } from '../limits/clock.ts';
import { createGate } from '../limits/gate.ts';
import { createSharedQuotas } from '../limits/quota.ts';
import { bothSlots, createRequestSlots, type RequestSlots } from '../limits/slots.ts';
import { isEmbedded } from '../models/embedded.ts';
import { mediaRulesOf, providerOf } from '../plan/model-provider.ts';
import { createPlanner } from '../plan/planned-request.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { ModelClient, ModelConfig } from '../types.ts';
import type { ModelRuntime } from './cell-context.ts';

/** A replay sends nothing and needs no keys. */
const NO_CLIENT: ModelClient = { complete: () => Promise.reject(new Error('a replay sends nothing')) };

/** Whether a model is asked. `ifPossible`: without its key, each request fails with the kind `auth`. */
export type Sending = 'always' | 'ifPossible' | 'never';

/** Clients share connections and access tokens through `context`. */
export async function createRuntimes(
  models: readonly ModelConfig[],
  context: ProviderContext,
  {
    sends,
    random,
    inFlight,
  }: {
    readonly sends: (model: ModelConfig) => Sending;
    readonly random: () => number;
    /** Most requests at the same time, over all models. */
    readonly inFlight: number;
  },
): Promise<readonly ModelRuntime[]> {
  const quotaOf = createSharedQuotas(models, systemClock, random);
  const slotsOf = createSlots(inFlight);
  return Promise.all(
    models.map(async (config) => {
      // Use the same context object unless the model has a transform: connections are shared by context.
      const changed = config.media === undefined ? null : changedMedia(context.media, mediaRulesOf(config));
      const own = changed === null ? context : { ...context, media: changed };
      return {
        config,
        client: await createClient(config, own, sends(config)),
        planner: createPlanner(config),
        media: own.media,
        derivedOf: changed?.derivedOf ?? (() => null),
        gate: createGate({
          limits: config.limits,
          quota: quotaOf(config),
          clock: systemClock,
          requestSlots: slotsOf(config),
        }),
      };
    }),
  );
}

async function createClient(config: ModelConfig, context: ProviderContext, sending: Sending): Promise<ModelClient> {
  if (sending === 'never') return NO_CLIENT;
  try {
    return await providerOf(config).create(config, context);
  } catch (error) {
    if (sending === 'always' || !(error instanceof InputError)) throw error;
    return { complete: () => Promise.reject(new ProviderError('auth', error.message)) };
  }
}

/** Embedded models answer one request at a time, also when several models of a run (variants) share one. */
function createSlots(inFlight: number): (model: ModelConfig) => RequestSlots {
  const all = createRequestSlots(inFlight);
  const engines = new Map<string, RequestSlots>();
  return (config) => {
    const { endpoint, model } = config;
    if (!isEmbedded(config)) return all;
    const key = `${endpoint} ${model}`;
    const slots = engines.get(key) ?? bothSlots(all, createRequestSlots(1));
    engines.set(key, slots);
    return slots;
  };
}
