/** Looks up each model's provider and makes what the engine talks to. */

import { InputError, suggest } from '../errors.ts';
import { systemClock } from '../limits/clock.ts';
import { createGate } from '../limits/gate.ts';
import { createQuotas } from '../limits/quotas.ts';
import { createSlots } from '../limits/slots.ts';
import { refusal } from '../providers/capabilities.ts';
import type { Carriage, Provider, ProviderContext } from '../providers/provider.ts';
import { PROVIDERS } from '../providers/registry.ts';
import type { MediaLoader, MediaTransform, Message, ModelClient, ModelConfig } from '../types.ts';
import type { ModelRuntime } from './cell.ts';

/** Returns what tells why the model cannot take messages; null when nothing speaks against it. */
export function refuserOf(model: ModelConfig): (messages: readonly Message[]) => string | null {
  const provider = providerOf(model);
  // An estimate may run before the environment names the endpoint: what that cannot carry is not known yet.
  const carriage = model.endpoint?.includes('${') ? anything(provider) : provider.carries(model);
  return (messages) => refusal(model, carriage, messages);
}

function anything({ modalities }: Provider): Carriage {
  return { modalities, imageUrl: true, audioUrl: true };
}

/** What is configured for a model and will not be sent, one sentence each. */
export function notesOf(model: ModelConfig): readonly string[] {
  return providerOf(model).notes(model);
}

/** The wire settings of a model that decide what is sent. */
export function identityOf(model: ModelConfig): unknown {
  return providerOf(model).identity(model);
}

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
  const quotaOf = createQuotas(models, systemClock, random);
  const slots = createSlots(inFlight);
  return Promise.all(
    models.map(async (config) => {
      // The very same context unless a transform must be bound: connections are shared by context.
      const own =
        config.media === undefined ? context : { ...context, media: transformed(context.media, config.media) };
      return {
        config,
        client: sends ? await providerOf(config).create(config, own) : NOBODY,
        wire: identityOf(config),
        media: own.media,
        gate: createGate({ limits: config.limits, quota: quotaOf(config), clock: systemClock, slots }),
        refuses: refuserOf(config),
      };
    }),
  );
}

function transformed(loader: MediaLoader, transform: MediaTransform): MediaLoader {
  return { load: (media) => loader.load(media, transform) };
}

/** @throws {InputError} for a name that stands in no registry. */
export function providerOf(model: ModelConfig): Provider {
  const providers: Readonly<Record<string, Provider>> = PROVIDERS;
  const provider = Object.hasOwn(providers, model.provider) ? providers[model.provider] : undefined;
  if (provider === undefined) {
    throw new InputError({
      message: `unknown provider "${model.provider}"`,
      hint: suggest(model.provider, Object.keys(PROVIDERS)),
    });
  }
  return provider;
}
