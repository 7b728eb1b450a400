/** Asks a model's provider before anything is sent: wire settings, unsupported content, ignored settings. */

import { InputError } from '../errors.ts';
import type { MediaRules } from '../media-transform.ts';
import { mediaLimits } from '../models/model-facts.ts';
import { rulesOf, unsupported } from '../providers/capabilities.ts';
import type { MediaSupport, Provider } from '../providers/provider.ts';
import { PROVIDERS, providerNamed } from '../providers/registry.ts';
import { isRecord } from '../text/is-record.ts';
import { suggest } from '../text/nearest-name.ts';
import type { GenerateParams, Message, ModelConfig } from '../types.ts';
import type { Conversation } from './conversation.ts';

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
  const support = supportOf(model);
  return (messages) => unsupported(model, support, messages);
}

/** The media settings of a model with the types that it takes. */
export function mediaRulesOf(model: ModelConfig): MediaRules {
  return rulesOf(model, supportOf(model));
}

/** Which media the model supports. */
export function supportOf(model: ModelConfig): MediaSupport {
  const provider = providerOf(model);
  // An estimate may run before `${NAME}` in the endpoint has a value: its limits are not known yet.
  return model.endpoint?.includes('${') ? anything(provider, model) : provider.mediaSupport(model);
}

function anything({ modalities }: Provider, model: ModelConfig): MediaSupport {
  return { ...mediaLimits(model), modalities, imageUrl: true, audioUrl: true };
}

/** The conversation without what the model's protocol has no place for: a transcription is sent no system message. */
export function heardBy(model: ModelConfig, conversation: Conversation): Conversation {
  const { heard } = providerOf(model);
  const messages = heard(conversation.messages, model);
  if (messages === conversation.messages) return conversation;
  return { ...conversation, messages, followUps: heard(conversation.followUps, model) };
}

/** What a user should know of a model's settings before anything is sent, one sentence each. */
export function notesOf(model: ModelConfig): readonly string[] {
  return providerOf(model).notes(model);
}

/** Whether a request asks for a spoken answer: by `params.voice`, or by the members of chat completions in `extraBody`. */
export function asksForSpeech({
  model,
  params,
}: {
  readonly model: ModelConfig;
  readonly params: GenerateParams;
}): boolean {
  const { audio, modalities } = model.extraBody ?? {};
  if (isRecord(audio) || (Array.isArray(modalities) && modalities.includes('audio'))) return true;
  return params.voice !== undefined && providerOf(model).speaks(model);
}

/** What vendors announced about the routes of these models, one sentence each. */
export function announcementsOf(model: ModelConfig): readonly string[] {
  return providerOf(model).announcements(model);
}

/** The settings of a model that change its requests: part of every request hash. */
export function wireSettingsOf(model: ModelConfig): unknown {
  return providerOf(model).wireSettings(model);
}
