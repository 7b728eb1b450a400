/** Hashes that say what is the same: a request on the wire, a cell of a run, a whole run. */

import { hash } from 'node:crypto';
import type { GenerateParams, Media, Message, ModelConfig, ScorerConfig } from '../types.ts';
import type { Conversation } from './conversation.ts';

/** Everything on the wire, provider-neutral: media by their bytes' hash, no secrets, no run-time knobs. 32 hex digits. */
export function requestHash(
  wire: unknown,
  model: ModelConfig,
  conversation: Conversation,
  params: GenerateParams,
): string {
  return digest(
    JSON.stringify([
      wire,
      model.media ?? null,
      params,
      conversation.messages.map(plainMessage),
      conversation.followUps.map(plainMessage),
    ]),
  );
}

/**
 * What a run asks of whom and how it judges, less run-time knobs (concurrency, limits, retries, prices). Plain JSON
 * without secrets: it stands in the journal, and two runs are the same when theirs are equal as text.
 */
export interface RunDefinition {
  /** Of the content of all samples that take part, in order. */
  readonly dataset: string;
  readonly samples: number;
  readonly repeat: number;
  /** For samples that name none of their own. */
  readonly scorers: readonly ScorerConfig[];
  readonly models: readonly ModelDefinition[];
}

/** What of a model decides whether an answer can be taken over. */
export interface ModelDefinition {
  readonly id: string;
  readonly wire: unknown;
  readonly params: GenerateParams;
  /** Hash of the text; null = none. */
  readonly system: string | null;
  readonly template: string | null;
  readonly media: unknown;
}

/** See `ModelDefinition`; `wire` is the provider's own `wireSettings(model)`. */
export function modelDefinition(model: ModelConfig, wire: unknown): ModelDefinition {
  const { id, params, system, template, media = null } = model;
  const hashed = (text: string | undefined) => (text === undefined ? null : digest(text));
  return { id, wire, params, system: hashed(system), template: hashed(template), media };
}

/** Tells a cell whose answer can be taken over: the same request, by the same name, for the same sample. */
export function cellKey(requestHash: string, sampleId: string, modelId: string, repeat: number): string {
  return `${requestHash} ${repeat} ${modelId} ${sampleId}`;
}

function plainMessage(message: Message): unknown {
  return [
    message.role,
    message.content.map((part) =>
      part.type === 'text' ? part.text : [part.type, mediaKey(part.media), 'detail' in part ? part.detail : null],
    ),
  ];
}

function mediaKey(media: Media): string {
  return media.type === 'url' ? media.uri : `${media.mediaType};${media.sha256}`;
}

function digest(text: string): string {
  return hash('sha256', text).slice(0, 32);
}
