/** Asks a model's provider before anything is sent: wire settings, unsupported content, ignored settings. */

import { InputError } from '../errors.ts';
import { mediaLimits } from '../models/model-facts.ts';
import { unsupported } from '../providers/capabilities.ts';
import type { MediaSupport, Provider } from '../providers/provider.ts';
import { PROVIDERS, providerNamed } from '../providers/registry.ts';
import { suggest } from '../text/nearest-name.ts';
import type { Message, ModelConfig } from '../types.ts';

/** @throws {InputError} for an unknown provider name. */
export function providerOf(model: ModelConfig): Provider {
  const provider = providerNamed(model.provider);
  if (provider === undefined) {
    throw new InputError({
      message: `unknown provider "${model.provider}"`,
      hint: suggest(model.provider, Object.keys(PROVIDERS)),
    });
  }
  return provider;
}

/** Returns a check for messages: it returns why the model does not support them, or null. */
export function unsupportedBy(model: ModelConfig): (messages: readonly Message[]) => string | null {
  const provider = providerOf(model);
  // An estimate may run before `${NAME}` in the endpoint has a value: its limits are not known yet.
  const support = model.endpoint?.includes('${') ? anything(provider, model) : provider.mediaSupport(model);
  return (messages) => unsupported(model, support, messages);
}

function anything({ modalities }: Provider, model: ModelConfig): MediaSupport {
  return { ...mediaLimits(model), modalities, imageUrl: true, audioUrl: true };
}

/** What a user should know of a model's settings before anything is sent, one sentence each. */
export function notesOf(model: ModelConfig): readonly string[] {
  return providerOf(model).notes(model);
}

/** What vendors announced about the routes of these models, one sentence each. */
export function announcementsOf(model: ModelConfig): readonly string[] {
  return providerOf(model).announcements(model);
}

/** The settings of a model that change its requests: part of every request hash. */
export function wireSettingsOf(model: ModelConfig): unknown {
  return providerOf(model).wireSettings(model);
}
