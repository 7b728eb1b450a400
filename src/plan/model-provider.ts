/** What a model's provider says before anything is sent: its wire settings, what it cannot take, what it will not send. */

import { InputError } from '../errors.ts';
import { unsupported } from '../providers/capabilities.ts';
import type { MediaSupport, Provider } from '../providers/provider.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { suggest } from '../text/nearest-name.ts';
import type { Message, ModelConfig } from '../types.ts';

/** @throws {InputError} for a name that is in no registry. */
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

/** Returns the check that says why the model cannot take messages; null when it can. */
export function unsupportedBy(model: ModelConfig): (messages: readonly Message[]) => string | null {
  const provider = providerOf(model);
  // An estimate may run before the environment names the endpoint: what that cannot carry is not known yet.
  const support = model.endpoint?.includes('${') ? anything(provider) : provider.mediaSupport(model);
  return (messages) => unsupported(model, support, messages);
}

function anything({ modalities }: Provider): MediaSupport {
  return { modalities, imageUrl: true, audioUrl: true };
}

/** What is configured for a model and will not be sent, one sentence each. */
export function notesOf(model: ModelConfig): readonly string[] {
  return providerOf(model).notes(model);
}

/** The wire settings of a model that decide what is sent: part of every request hash. */
export function wireSettingsOf(model: ModelConfig): unknown {
  return providerOf(model).wireSettings(model);
}
